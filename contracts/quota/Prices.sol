// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {Executions} from "../types/Executions.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

/// @title The price list of operations (QU-1)
abstract contract Prices is IQuota, CouncilUpgradeable {
    mapping(address group => mapping(bytes4 selector => uint32)) private _prices;
    /// @dev In one slot with the end of a pause, which every charge reads as well.
    uint32 private _bytePrice;
    uint48 internal _pausedUntil;

    /// @inheritdoc IQuota
    function publishPrices(address group, bytes4[] calldata selectors, uint32[] calldata points) external {
        bool council = msg.sender == SystemAddresses.COUNCIL;
        if (!council && !_hasRole(Roles.OPERATOR, msg.sender)) revert Unauthorised(msg.sender, Roles.OPERATOR);
        if (selectors.length != points.length) revert QuotaLengthsDiffer();
        // Only the platform's contracts have prices: that keeps accounts away from all others (CH-3). Council also has to
        // reach one that it took out of Directory, to take its prices away.
        if (!council && group != address(0) && IDirectory(SystemAddresses.DIRECTORY).groupOf(group) != group) {
            revert QuotaUnlisted(group);
        }

        for (uint256 i; i < selectors.length; ++i) {
            // A priced call of an account to its own `execute` would hide what it does from its price.
            if (group == address(0) && selectors[i] == IERC7821.execute.selector) {
                revert QuotaUnpriced(group, selectors[i]);
            }
            if (!council && _prices[group][selectors[i]] != 0) revert QuotaPricePublished(group, selectors[i]);
            _prices[group][selectors[i]] = points[i];
        }

        emit PricesPublished(group, selectors, points);
    }

    /// @inheritdoc IQuota
    function publishBytePrice(uint32 points) external onlyCouncil {
        _publishBytePrice(points);
    }

    /// @inheritdoc IQuota
    function priceOf(address account, bytes calldata callData) external view returns (uint256) {
        return _priceOf(account, callData);
    }

    /// @inheritdoc IQuota
    function price(address group, bytes4 selector) external view returns (uint32) {
        return _prices[group][selector];
    }

    /// @inheritdoc IQuota
    function bytePrice() external view returns (uint32) {
        return _bytePrice;
    }

    function _publishBytePrice(uint32 points) internal {
        _bytePrice = points;
        emit BytePricePublished(points);
    }

    /// @dev Adds the calls' prices and the bytes'.
    function _priceOf(address account, bytes calldata callData) internal view returns (uint256 points) {
        points = callData.length * _bytePrice;
        (bytes32 mode, bytes calldata executionData) = Executions.fromOperation(callData);
        if (mode == Executions.SINGLE) {
            (address target, , bytes calldata data) = Executions.single(executionData);
            return points + _callPrice(account, target, data);
        }
        if (mode != Executions.BATCH) revert Executions.ExecutionInvalid();
        Execution[] calldata calls = Executions.batch(executionData);
        for (uint256 i; i < calls.length; ++i) {
            (address target, , bytes calldata data) = Executions.item(calls, i);
            points += _callPrice(account, target, data);
        }
    }

    function _callPrice(address account, address target, bytes calldata data) private view returns (uint256 points) {
        bytes4 selector = data.length < 4 ? bytes4(0) : bytes4(data);
        // ERC-7821 reads the zero address as the account itself; its prices stand under that group.
        if (target == account) target = address(0);
        points = _prices[target][selector];
        if (points == 0 && target != address(0)) {
            // Instances of a factory, such as vouchers, share the prices that stand under the factory.
            address group = IDirectory(SystemAddresses.DIRECTORY).groupOf(target);
            if (group != target && group != address(0)) points = _prices[group][selector];
        }
        if (points == 0) revert QuotaUnpriced(target, selector);
    }
}
