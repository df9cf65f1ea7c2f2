// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Quota: points in place of fees (QU-1..5)
/// @notice A measure, not an asset: points are granted by time, used by operations and never change hands. An operation
/// costs the sum of its calls' published prices and a price per byte carried.
interface IQuota {
    /// @param ceiling Most points an account of this class can have.
    /// @param grant Points granted at the end of each period.
    /// @param initial Points of a new account.
    /// @param periodBlocks Blocks of a period; periods end at multiples of it.
    struct Class {
        uint48 ceiling;
        uint48 grant;
        uint48 initial;
        uint32 periodBlocks;
    }

    /// @dev One slot: what a charge needs of an account, so that it reads and writes no more than that.
    /// @param points Points at `updatedBlock`.
    /// @param updatedBlock Block of the last charge or grant; 0: not opened yet.
    /// @param assignedClass Class given to this account by name; 0: the class of its certification level.
    /// @param level Number of its strongest certification level, as Certifications last said.
    /// @param expiresAt First second in which that certification is no longer live.
    /// @param sponsored Whether a partner pays first.
    /// @param barred Whether it is a suspended or terminated partner, whose points pay for nobody else.
    struct Allowance {
        uint48 points;
        uint32 updatedBlock;
        uint8 assignedClass;
        uint8 level;
        uint40 expiresAt;
        bool sponsored;
        bool barred;
    }

    event Charged(address indexed account, address indexed payer, uint256 points);
    event PricesPublished(address indexed group, bytes4[] selectors, uint32[] points);
    event BytePricePublished(uint32 points);
    event ClassSet(uint8 indexed class, uint48 ceiling, uint48 grant, uint48 initial, uint32 periodBlocks);
    event ClassAssigned(address indexed account, uint8 class);
    event SponsorChanged(address indexed account, address indexed sponsor, uint48 limit);
    event SponsoringBarred(address indexed partner, bool barred);
    event Paused(uint48 lastBlock);

    /// @param missing Points that are missing.
    /// @param availableBlock First block in which they are there; type(uint256).max: never, the ceiling is too low.
    error QuotaExhausted(address account, uint256 missing, uint256 availableBlock);
    /// @dev No contract of the platform, or a function that accounts do not call.
    error QuotaUnpriced(address target, bytes4 selector);
    /// @dev Accounts without a live certification can only query (ID-5).
    error QuotaUncertified(address account);
    error QuotaNotCertifications(address caller);
    error QuotaNotPartners(address caller);
    /// @dev Emergency pause: operations are accepted again after `lastBlock` (GO-3).
    error QuotaPaused(uint48 lastBlock);
    error QuotaLimitMissing();
    error QuotaInvalidClass(uint8 class);
    /// @dev Prices stand under contracts that Directory lists.
    error QuotaUnlisted(address group);
    error QuotaPricePublished(address group, bytes4 selector);
    error QuotaLengthsDiffer();
    error QuotaNotSponsor(address caller, address account);
    error QuotaSponsorTaken(address account, address sponsor);

    /// @notice Charges the calling account for an operation. Accounts call it while they validate.
    /// @param callData The operation's call data.
    function charge(bytes calldata callData) external;

    /// @notice Tells an account's strongest live level and when that ends. Certifications calls it with each change; the
    /// first time starts the account's clock with the initial points of its class.
    function setStanding(address account, uint8 level, uint40 expiresAt) external;

    /// @notice Whether a partner's points may pay for the accounts that it sponsors. Partners calls it when a partner is
    /// suspended, reinstated or terminated; from then on those accounts pay themselves.
    function setBarred(address partner, bool barred) external;

    /// @notice Accepts no operation up to and including `lastBlock`; a block that has passed ends a pause. Council only,
    /// by its rule for emergencies.
    function pause(uint48 lastBlock) external;

    /// @notice Last block of the last pause, 0 where there was none.
    function pausedUntil() external view returns (uint48);

    /// @notice Points that an operation of `account` with this call data costs.
    function priceOf(address account, bytes calldata callData) external view returns (uint256);

    /// @notice Points that an account can use now, by itself and with its sponsor.
    function pointsOf(address account) external view returns (uint256 own, uint256 sponsored);

    /// @notice What is missing for `points`, and the first block in which it will be there.
    /// @return missing 0 when there are enough.
    /// @return availableBlock This block when there are enough; type(uint256).max when never.
    function shortfall(address account, uint256 points) external view returns (uint256 missing, uint256 availableBlock);

    /// @notice Points of the operations that an account made or paid for, in the current usage period and in the one
    /// before it. Earlier ones are in the `Charged` events.
    /// @return period Number of the current period: block number / `USAGE_PERIOD_BLOCKS`.
    function usageOf(address account) external view returns (uint256 period, uint48 used, uint48 usedBefore);

    /// @notice Partner whose points an account uses first; the zero address: none.
    function sponsorOf(address account) external view returns (address);

    /// @notice The sponsor pays while the account's operations of a usage period cost no more points than this.
    function sponsorLimitOf(address account) external view returns (uint48);

    function allowanceOf(address account) external view returns (Allowance memory);
    function classOf(address account) external view returns (uint8);
    function class(uint8 id) external view returns (Class memory);
    function price(address group, bytes4 selector) external view returns (uint32);
    function bytePrice() external view returns (uint32);

    /// @notice Publishes prices. The operator may set a first price; a published one is changed by Council only.
    /// @param group A contract listed by name, a factory for its instances, or the zero address for an account's calls
    /// to itself.
    /// An account's own `execute` never has one.
    /// @param points Prices; 0 takes the function out of reach of accounts.
    function publishPrices(address group, bytes4[] calldata selectors, uint32[] calldata points) external;

    /// @notice Sets the points per byte of call data. Council only.
    function publishBytePrice(uint32 points) external;

    /// @notice Sets a class. Council only. Classes up to 15 belong to certification levels, the others are given.
    function setClass(uint8 id, Class calldata value) external;

    /// @notice Gives an account the class agreed for its business, or takes it back with 0. Operator only. An account
    /// that never had one before has at least the class's initial points then.
    function assignClass(address account, uint8 id) external;

    /// @notice A partner pays for an account that it certified, or changes its limit. The partner only.
    /// @param limit Most points of the account's operations that it pays for in a usage period; not 0.
    function sponsor(address account, uint48 limit) external;

    /// @notice Ends a sponsorship. The sponsor or the account itself.
    function endSponsorship(address account) external;
}
