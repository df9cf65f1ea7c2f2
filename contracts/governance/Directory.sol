// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {Roles} from "../types/Roles.sol";
import {CouncilUpgradeable} from "./CouncilUpgradeable.sol";

contract Directory is IDirectory, CouncilUpgradeable {
    mapping(bytes32 name => Entry) private _entries;
    mapping(address target => address) private _groups;
    bytes32[] private _names;

    /// @notice Lists the contracts of the genesis allocation, this one included.
    function initialise(bytes32[] calldata names_, address[] calldata targets, bytes32[] calldata abiDigests) external {
        if (_names.length != 0) revert UnauthorisedNotCouncil(msg.sender);
        for (uint256 i; i < names_.length; ++i) {
            _names.push(names_[i]);
            _list(names_[i], targets[i], abiDigests[i]);
        }
    }

    /// @inheritdoc IDirectory
    function create(
        bytes calldata creationCode,
        bytes32 salt
    ) external onlyRole(Roles.OPERATOR) returns (address target) {
        bytes32 creationDigest = keccak256(creationCode);
        target = Create2.computeAddress(salt, creationDigest);
        if (target.code.length != 0) revert DirectoryContractExists(target);

        Create2.deploy(0, salt, creationCode);
        // A constructor may succeed and leave nothing behind.
        if (target.code.length == 0) revert DirectoryNotAContract(target);

        emit ContractCreated(target, salt, creationDigest);
    }

    /// @inheritdoc IDirectory
    function register(bytes32 name, address target, bytes32 abiDigest) external onlyRole(Roles.OPERATOR) {
        Entry storage entry = _entries[name];
        if (entry.target != address(0)) revert DirectoryNameTaken(name, entry.target);

        _names.push(name);
        _list(name, target, abiDigest);
    }

    /// @inheritdoc IDirectory
    function replace(bytes32 name, address target, bytes32 abiDigest) external onlyCouncil {
        address previous = _entries[name].target;
        if (previous == address(0)) revert DirectoryNameUnknown(name);

        delete _groups[previous];
        _list(name, target, abiDigest);
    }

    /// @inheritdoc IDirectory
    function registerInstance(address instance) external {
        if (_groups[msg.sender] != msg.sender) revert DirectoryNotAFactory(msg.sender);
        if (_groups[instance] != address(0)) revert DirectoryTargetListed(instance);

        _groups[instance] = msg.sender;

        emit InstanceRegistered(msg.sender, instance);
    }

    /// @inheritdoc IDirectory
    function addressOf(bytes32 name) external view returns (address) {
        return _entries[name].target;
    }

    /// @inheritdoc IDirectory
    function entryOf(bytes32 name) external view returns (Entry memory entry) {
        entry = _entries[name];
        if (entry.target == address(0)) revert DirectoryNameUnknown(name);
    }

    /// @inheritdoc IDirectory
    function groupOf(address target) external view returns (address) {
        return _groups[target];
    }

    /// @inheritdoc IDirectory
    function names(uint256 start, uint256 count) external view returns (bytes32[] memory page) {
        uint256 total = _names.length;
        if (start > total) start = total;
        if (count > total - start) count = total - start;
        page = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            page[i] = _names[start + i];
        }
    }

    function _list(bytes32 name, address target, bytes32 abiDigest) private {
        if (target.code.length == 0) revert DirectoryNotAContract(target);
        if (_groups[target] != address(0)) revert DirectoryTargetListed(target);

        Entry storage entry = _entries[name];
        uint32 version = entry.version + 1;
        _entries[name] = Entry(target, version, uint48(block.number), abiDigest);
        _groups[target] = target;

        emit ContractRegistered(name, target, version, abiDigest);
    }
}
