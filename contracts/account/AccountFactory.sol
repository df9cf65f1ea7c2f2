// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {IAccountFactory} from "../interfaces/IAccountFactory.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {PartnerPermissions} from "../types/Permissions.sol";
import {Roles} from "../types/Roles.sol";

contract AccountFactory is IAccountFactory, CouncilUpgradeable {
    IPartners private immutable PARTNERS;
    address public immutable implementation;

    mapping(address account => uint64) private _ids;
    address[] private _accounts;

    constructor(IPartners partners, address implementation_) {
        PARTNERS = partners;
        // An address without code makes nothing: the first call shows it.
        // slither-disable-next-line missing-zero-check
        implementation = implementation_;
    }

    /// @inheritdoc IAccountFactory
    function create(bytes calldata signer, bytes32 salt) external returns (address account, uint64 id) {
        if (!PARTNERS.hasPermission(msg.sender, PartnerPermissions.IDENTITY) && !_hasRole(Roles.ADMISSION, msg.sender))
            revert AccountFactoryNotAuthorised(msg.sender);
        account = addressOf(msg.sender, signer, salt);
        if (account.code.length != 0) revert AccountFactoryExists(account);

        _accounts.push(account);
        id = uint64(_accounts.length);
        _ids[account] = id;
        Clones.cloneDeterministic(implementation, _salt(msg.sender, signer, salt));
        IBropAccount(account).initialise(signer);

        emit AccountCreated(account, id, msg.sender, signer);
    }

    /// @inheritdoc IAccountFactory
    function addressOf(address creator, bytes calldata signer, bytes32 salt) public view returns (address) {
        return Clones.predictDeterministicAddress(implementation, _salt(creator, signer, salt));
    }

    /// @inheritdoc IAccountFactory
    function idOf(address account) external view returns (uint64) {
        return _ids[account];
    }

    /// @inheritdoc IAccountFactory
    function isAccount(address account) external view returns (bool) {
        return _ids[account] != 0;
    }

    /// @inheritdoc IAccountFactory
    function accountOf(uint64 id) external view returns (address) {
        return id == 0 || id > _accounts.length ? address(0) : _accounts[id - 1];
    }

    /// @inheritdoc IAccountFactory
    function count() external view returns (uint64) {
        return uint64(_accounts.length);
    }

    function _salt(address creator, bytes calldata signer, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(creator, signer, salt));
    }
}
