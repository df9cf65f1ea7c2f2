// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {Enforced} from "../governance/Enforced.sol";
import {IAccountNames} from "../interfaces/IAccountNames.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {Levels} from "../types/Levels.sol";
import {PartnerPermissions} from "../types/Permissions.sol";
import {Roles} from "../types/Roles.sol";

contract AccountNames is IAccountNames, CouncilUpgradeable, Enforced, EIP712 {
    using Checkpoints for Checkpoints.Trace208;

    /// @dev 128 characters of the longest kind.
    uint256 public constant MAX_NAME_BYTES = 512;
    /// @dev How long a released name is kept for its last owner: a week of 3-second blocks.
    uint48 public constant RESERVED_BLOCKS = 201_600;

    bytes32 private constant CONSENT_TYPEHASH = keccak256(
        "AccountName(address account,string name,bytes32 lookSkeleton,bytes32 letterSkeleton,uint8 kind,address certifier,uint256 nonce,uint48 lastBlock)"
    );

    IPartners private immutable PARTNERS;
    ICertifications private immutable CERTIFICATIONS;

    /// @dev Who holds a skeleton; `reservedUntil` is 0 while it is in use.
    struct Holder {
        address account;
        uint48 reservedUntil;
    }

    mapping(bytes32 skeleton => Holder) private _holders;
    mapping(address account => AccountName[]) private _names;
    /// @dev Position in `_names` from 1; 0: no name.
    mapping(address account => Checkpoints.Trace208) private _current;

    constructor(IPartners partners, ICertifications certifications) EIP712("BROP AccountNames", "1") {
        PARTNERS = partners;
        CERTIFICATIONS = certifications;
    }

    /// @inheritdoc IAccountNames
    function setName(address account, NameInput calldata input, uint48 lastBlock, bytes calldata consent) external {
        _checkInput(input);
        _checkCertifier(account, input.kind);
        if (block.number > lastBlock) revert AccountNameConsentLapsed(lastBlock, block.number);
        bytes32 digest = consentDigest(account, input, msg.sender, lastBlock);
        if (!SignatureChecker.isValidSignatureNow(account, digest, consent)) revert AccountNameConsentInvalid(account);
        AccountName[] storage names = _names[account];
        uint256 nonce = names.length;

        if (_current[account].latest() != 0) _release(account, bytes32(0));
        _claim(input.lookSkeleton, account);
        _claim(input.letterSkeleton, account);
        names.push(
            AccountName(
                msg.sender,
                input.kind,
                uint48(block.number),
                input.lookSkeleton,
                input.letterSkeleton,
                bytes32(0),
                input.name
            )
        );
        _current[account].push(uint48(block.number), uint208(nonce + 1));

        emit NameSet(
            account,
            msg.sender,
            input.lookSkeleton,
            input.letterSkeleton,
            input.kind,
            input.name,
            nonce,
            lastBlock,
            consent
        );
    }

    /// @inheritdoc IAccountNames
    function release() external {
        _requireName(msg.sender);
        _release(msg.sender, bytes32(0));
    }

    /// @inheritdoc IAccountNames
    function revoke(address account, bytes32 ground) external {
        AccountName storage name = _requireName(account);
        if (name.certifier != msg.sender || !_mayRevoke(msg.sender))
            revert AccountNameNotCertifier(account, msg.sender);
        if (ground == bytes32(0)) revert AccountNameGroundMissing();

        _release(account, ground);
    }

    /// @inheritdoc IAccountNames
    function revokeOnOrder(address account) external {
        uint256 order = _orderAbout(account);
        _requireName(account);
        _release(account, bytes32(order));
    }

    /// @inheritdoc IAccountNames
    function consentDigest(
        address account,
        NameInput calldata input,
        address certifier,
        uint48 lastBlock
    ) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        CONSENT_TYPEHASH,
                        account,
                        keccak256(bytes(input.name)),
                        input.lookSkeleton,
                        input.letterSkeleton,
                        input.kind,
                        certifier,
                        _names[account].length,
                        lastBlock
                    )
                )
            );
    }

    /// @inheritdoc IAccountNames
    function nameCount(address account) external view returns (uint256) {
        return _names[account].length;
    }

    /// @inheritdoc IAccountNames
    function nameOf(address account) external view returns (AccountName memory) {
        return _nameAtPosition(account, _current[account].latest());
    }

    /// @inheritdoc IAccountNames
    function nameAt(address account, uint48 blockNumber) external view returns (AccountName memory) {
        return _nameAtPosition(account, _current[account].upperLookupRecent(blockNumber));
    }

    /// @inheritdoc IAccountNames
    function nameByIndex(address account, uint256 index) external view returns (AccountName memory) {
        return _names[account][index];
    }

    /// @inheritdoc IAccountNames
    function accountOf(bytes32 skeleton) external view returns (address) {
        Holder storage holder = _holders[skeleton];
        return holder.reservedUntil == 0 ? holder.account : address(0);
    }

    /// @inheritdoc IAccountNames
    function reservationOf(bytes32 skeleton) external view returns (address account, uint48 reservedUntil) {
        Holder storage holder = _holders[skeleton];
        if (holder.reservedUntil >= block.number) return (holder.account, holder.reservedUntil);
    }

    function _checkInput(NameInput calldata input) private pure {
        uint256 length = bytes(input.name).length;
        if (length == 0 || length > MAX_NAME_BYTES) revert AccountNameInvalid(length, MAX_NAME_BYTES);
        if (input.kind == Kind.None) revert AccountNameKindMissing();
        if (input.lookSkeleton == bytes32(0) || input.letterSkeleton == bytes32(0)) revert AccountNameSkeletonMissing();
    }

    function _checkCertifier(address account, Kind kind) private view {
        if (
            !CERTIFICATIONS.isLiveCertifier(account, msg.sender) ||
            (!PARTNERS.hasPermission(msg.sender, PartnerPermissions.IDENTITY) && !_hasRole(Roles.ADMISSION, msg.sender))
        ) {
            revert AccountNameNotCertifier(account, msg.sender);
        }
        if (kind != Kind.Certified) return;
        (ICertifications.Answer answer, ) = CERTIFICATIONS.accepts(msg.sender, account, Levels.REAL_NAME);
        if (answer != ICertifications.Answer.Accepted) revert AccountNameLevelTooLow(account);
    }

    /// @dev A suspended partner sets no names, but can still take back what it answers for.
    function _mayRevoke(address certifier) private view returns (bool) {
        IPartners.Status status = PARTNERS.statusOf(certifier);
        return
            status == IPartners.Status.Admitted ||
            status == IPartners.Status.Suspended ||
            _hasRole(Roles.ADMISSION, certifier);
    }

    function _requireName(address account) private view returns (AccountName storage name) {
        uint208 position = _current[account].latest();
        if (position == 0) revert AccountNameMissing(account);
        name = _names[account][position - 1];
    }

    function _nameAtPosition(address account, uint208 position) private view returns (AccountName memory name) {
        if (position != 0) name = _names[account][position - 1];
    }

    function _claim(bytes32 skeleton, address account) private {
        Holder memory holder = _holders[skeleton];
        bool free = holder.account == account || (holder.reservedUntil != 0 && holder.reservedUntil < block.number);
        if (holder.account != address(0) && !free) {
            revert AccountNameTaken(skeleton, holder.account, holder.reservedUntil);
        }
        _holders[skeleton] = Holder(account, 0);
    }

    function _release(address account, bytes32 ground) private {
        AccountName storage name = _requireName(account);
        uint48 reservedUntil = uint48(block.number) + RESERVED_BLOCKS;
        (bytes32 lookSkeleton, bytes32 letterSkeleton) = (name.lookSkeleton, name.letterSkeleton);
        _holders[lookSkeleton].reservedUntil = reservedUntil;
        _holders[letterSkeleton].reservedUntil = reservedUntil;
        name.ground = ground;
        _current[account].push(uint48(block.number), 0);

        emit NameReleased(account, msg.sender, lookSkeleton, letterSkeleton, ground, reservedUntil);
    }
}
