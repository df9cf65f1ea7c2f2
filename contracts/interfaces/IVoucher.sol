// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IVoucherSupervision} from "./IVoucherSupervision.sol";

/// @title Voucher: a title to goods or a service that its issuer redeems (VO)
/// @notice ERC-1155. A splittable voucher is one fungible balance under token id 0. A voucher of lots has token ids from
/// 1, each a lot with a face amount that moves whole. Cap, circulating and amounts per period count face amounts.
///
/// Every transfer needs: a voucher and an amount that are not frozen, a sender whose key is not being reset, two
/// accounts that the issuer accepts at the voucher's level, and what the policy asks for.
interface IVoucher is IVoucherSupervision {
    /// @param face Base units; 0 where there is no such lot.
    /// @param receivedBlock Block in which its holder received it.
    /// @param hands How often it changed hands after its allocation.
    /// @param redeemed Whether its issuer has redeemed it.
    /// @param metadataDigest SHA-256 of its metadata.
    struct Lot {
        uint128 face;
        uint48 receivedBlock;
        uint32 hands;
        bool redeemed;
        bytes32 metadataDigest;
    }

    event Allocated(address indexed to, uint256 indexed lot, uint256 amount, uint256 circulating);
    event LotMade(uint256 indexed lot, uint256 face, bytes32 metadataDigest);
    event AgentChanged(address indexed agent, uint256 cap);
    /// @param lastBlock Last block in which the operator may use it.
    event AllowanceChanged(
        address indexed owner,
        address indexed operator,
        uint256 indexed id,
        uint256 amount,
        uint48 lastBlock
    );
    event Redeemed(uint256 indexed lot, uint256 amount, uint256 circulating);
    event CustodyOpened(address indexed custodian, uint256 balance);

    error VoucherNotIssuer(address caller);
    error VoucherNotRedemptions(address caller);
    error VoucherCapExceeded(uint256 cap, uint256 circulating, uint256 amount);
    /// @param answer Value of `ICertifications.Answer`.
    error VoucherHolderNotEligible(address account, uint8 answer);
    error VoucherAmountMissing();
    error VoucherAmountTooLarge(uint256 amount);
    error VoucherLengthsDiffer();
    error VoucherIssuerNotPermitted(address issuer);
    error VoucherAgentCapExceeded(address agent, uint256 cap, uint256 allocated, uint256 amount);
    /// @dev Splittable amounts are allocated from `allocate`, lots from `allocateLot`.
    error VoucherWrongType(bool lots);
    error VoucherMetadataMissing();
    /// @dev A lot moves whole.
    error VoucherLotIndivisible(uint256 lot, uint256 face, uint256 amount);
    error VoucherCapNotLower(uint256 cap, uint256 value);
    error VoucherAllowanceTooLow(address owner, address operator, uint256 id, uint256 amount, uint256 needed);
    /// @dev An allowance that stands is taken back first, so that its operator can not use the old one and the new one.
    error VoucherAllowanceStands(address operator, uint256 id, uint256 amount);
    error VoucherAllowancePast(uint48 lastBlock, uint256 blockNumber);
    error VoucherCustodyOpen(address custodian);
    error VoucherCustodyUnknown(address custodian, uint48 blockNumber);
    error VoucherBlockNotPast(uint48 blockNumber);

    /// @notice Allocates new units to a certified account, within the cap (VO-3). The issuer, or an agent of its within
    /// the agent's own cap.
    /// @param amount Base units.
    function allocate(address to, uint256 amount) external;

    /// @notice Allocates to many accounts, all or none.
    function allocateMany(address[] calldata to, uint256[] calldata amounts) external;

    /// @notice Makes a lot and allocates it. Callers as for `allocate`.
    /// @param face Base units.
    /// @param metadataDigest SHA-256 of the lot's metadata.
    /// @return lot Its token id.
    function allocateLot(address to, uint128 face, bytes32 metadataDigest) external returns (uint256 lot);

    /// @notice Makes many lots, all or none.
    /// @return first Token id of the first one; the others follow.
    function allocateLots(
        address[] calldata to,
        uint128[] calldata faces,
        bytes32[] calldata metadataDigests
    ) external returns (uint256 first);

    /// @notice Lets an agent allocate up to a cap of its own, which counts all that it ever allocated; 0 ends it. The
    /// issuer only.
    function setAgent(address agent, uint128 value) external;

    /// @notice Lowers the cap, not below what circulates. The issuer only.
    function lowerCap(uint128 value) external;

    /// @notice Says where terms and metadata can be had from now on. The issuer only.
    function setUri(string calldata value) external;

    /// @notice Lets an operator transfer up to an amount of the caller's until the end of a block (VO-4). Void after a
    /// key reset of the caller, as is `setApprovalForAll`.
    /// @param amount Base units; 0 takes it back.
    function approve(address operator, uint256 id, uint256 amount, uint48 lastBlock) external;

    /// @notice Takes a holder's units out of circulation until they are redeemed or given back. Redemptions only, which
    /// holds them meanwhile. Rules as for a transfer, save those of secondary transfer, holding period, amount per period.
    function escrow(address holder, uint256 id, uint256 amount) external;

    /// @notice Gives units back to the holder, whether or not it may still receive any. Redemptions only.
    function giveBack(address holder, uint256 id, uint256 amount) external;

    /// @notice Ends units that the issuer has redeemed. Redemptions only.
    function redeem(uint256 id, uint256 amount) external;

    /// @notice From now on the caller's holding can be asked as of a block (VO-7). Partners with the custody permission.
    function openCustody() external;

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function decimals() external view returns (uint8);
    function issuer() external view returns (address);
    /// @notice Most base units that may circulate.
    function cap() external view returns (uint256);
    /// @notice Base units allocated and not redeemed.
    function circulating() external view returns (uint256);
    /// @notice Lowest certification level of a holder.
    function holderLevel() external view returns (uint8);
    function termsDigest() external view returns (bytes32);
    /// @notice Blocks within which the issuer answers a presentation.
    function redemptionBlocks() external view returns (uint48);

    function isLots() external view returns (bool);
    function lotCount() external view returns (uint256);
    function lotOf(uint256 lot) external view returns (Lot memory);
    function faceOf(uint256 lot) external view returns (uint256);
    /// @notice Base units of all that an account holds: its balance, or the sum of its lots' faces.
    function holdingOf(address account) external view returns (uint256);

    /// @return value Most base units that the agent may ever allocate.
    /// @return allocated Base units that it has allocated.
    function agentOf(address agent) external view returns (uint256 value, uint256 allocated);

    /// @notice What is left of a live allowance; zeros where there is none, or it is past or void.
    function allowance(
        address owner,
        address operator,
        uint256 id
    ) external view returns (uint256 amount, uint48 lastBlock);

    function isCustody(address account) external view returns (bool);
    /// @notice Holding of a custody account at the end of a past block; reverts for blocks before it was opened.
    function custodyBalanceAt(address account, uint48 blockNumber) external view returns (uint256);
}
