// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title AccountNames: one name an account, unlike every other name (ID-2)
/// @notice Names are compared by skeletons (UTS 39), which are computed off chain: src/core/account-name.ts says how, and
/// anybody can compute them again from the name. A name has two, because a name can be mistaken for another by its look
/// ("PayPaI" for "PayPal") or by its letters ("PAYPAL" for "PayPal"), and neither covers the other. Both are taken
/// from the same set: no two accounts hold a skeleton in common.
interface IAccountNames {
    /// @dev Certified: the name in the documents by which the certifier identified the account. Custom: chosen freely.
    enum Kind {
        None,
        Certified,
        Custom
    }

    /// @param name Normalised name, UTF-8.
    /// @param lookSkeleton keccak256 of the skeleton of what the name looks like.
    /// @param letterSkeleton keccak256 of the skeleton of the name's letters whatever their case; may be the same.
    /// @param kind See `Kind`.
    struct NameInput {
        string name;
        bytes32 lookSkeleton;
        bytes32 letterSkeleton;
        Kind kind;
    }

    /// @param certifier Who set the name and answers for its skeletons.
    /// @param kind See `Kind`; None: there is no name.
    /// @param setBlock First block of the name.
    /// @param lookSkeleton As set.
    /// @param letterSkeleton As set.
    /// @param ground Why it was taken away: digest of the certifier's ground, or number of the order; 0: it was not.
    /// @param name As set.
    struct AccountName {
        address certifier;
        Kind kind;
        uint48 setBlock;
        bytes32 lookSkeleton;
        bytes32 letterSkeleton;
        bytes32 ground;
        string name;
    }

    /// @dev Carries everything that the account signed, for a court.
    event NameSet(
        address indexed account,
        address indexed certifier,
        bytes32 indexed lookSkeleton,
        bytes32 letterSkeleton,
        Kind kind,
        string name,
        uint256 nonce,
        uint48 lastBlock,
        bytes consent
    );
    event NameReleased(
        address indexed account,
        address indexed by,
        bytes32 indexed lookSkeleton,
        bytes32 letterSkeleton,
        bytes32 ground,
        uint48 reservedUntil
    );

    error AccountNameInvalid(uint256 length, uint256 most);
    error AccountNameKindMissing();
    error AccountNameSkeletonMissing();
    /// @dev Another account has a name that looks or reads the same, or had it until a while ago.
    /// @param reservedUntil Last block for which it is kept for that account; 0: the name is in use.
    error AccountNameTaken(bytes32 skeleton, address account, uint48 reservedUntil);
    error AccountNameNotCertifier(address account, address caller);
    error AccountNameLevelTooLow(address account);
    error AccountNameConsentLapsed(uint48 lastBlock, uint256 blockNumber);
    error AccountNameConsentInvalid(address account);
    error AccountNameMissing(address account);
    error AccountNameGroundMissing();

    /// @notice Sets an account's name, or replaces it. A live certifier of the account with the identity permission, or an
    /// admission party that certifies it. A certified name needs a certification that the certifier accepts as of real
    /// name.
    /// @param lastBlock Last block in which the consent holds.
    /// @param consent The account's signature (ERC-1271) of `consentDigest`.
    function setName(address account, NameInput calldata input, uint48 lastBlock, bytes calldata consent) external;

    /// @notice The calling account gives up its name. The name stays reserved for it for a while.
    function release() external;

    /// @notice Takes away a name that the caller set.
    /// @param ground Digest of the stated ground; can not be empty.
    function revoke(address account, bytes32 ground) external;

    /// @notice Takes away a name on a regulator's order about the account; the order's number is kept as the ground.
    function revokeOnOrder(address account) external;

    /// @notice EIP-712 digest that an account signs: AccountName(address account,string name,bytes32 lookSkeleton,
    /// bytes32 letterSkeleton,uint8 kind,address certifier,uint256 nonce,uint48 lastBlock) in the domain
    /// "BROP AccountNames", "1". The nonce is the number of names that the account has had.
    function consentDigest(
        address account,
        NameInput calldata input,
        address certifier,
        uint48 lastBlock
    ) external view returns (bytes32);

    /// @notice Number of names that an account has had, the present one included.
    function nameCount(address account) external view returns (uint256);
    /// @notice The account's name; `kind` is None where it has none.
    function nameOf(address account) external view returns (AccountName memory);
    /// @notice The name that the account had at the end of a block.
    function nameAt(address account, uint48 blockNumber) external view returns (AccountName memory);
    /// @notice A name that the account has or had, in the order in which they were set, from 0.
    function nameByIndex(address account, uint256 index) external view returns (AccountName memory);
    /// @notice Account whose name has this skeleton now, the zero address where there is none.
    function accountOf(bytes32 skeleton) external view returns (address);
    /// @notice For whom a skeleton that is not in use is kept, and the last block for which it is.
    function reservationOf(bytes32 skeleton) external view returns (address account, uint48 reservedUntil);
}
