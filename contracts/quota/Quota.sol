// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {AllowanceSlot, AllowanceSlots} from "../types/AllowanceSlot.sol";
import {Executions} from "../types/Executions.sol";
import {Names} from "../types/Names.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

contract Quota is IQuota, CouncilUpgradeable {
    /// @dev Classes up to this number are those of the certification levels.
    uint8 public constant LAST_LEVEL_CLASS = 15;

    mapping(address account => AllowanceSlot) private _allowances;
    mapping(address account => address) private _sponsors;
    mapping(uint8 id => Class) private _classes;
    mapping(address group => mapping(bytes4 selector => uint32)) private _prices;
    uint32 private _bytePrice;
    bool private _initialised;

    /// @notice Sets the first classes and the price per byte; part of the genesis allocation.
    /// @param ids Numbers of the classes.
    function initialise(uint8[] calldata ids, Class[] calldata values, uint32 bytePrice_) external {
        if (_initialised) revert UnauthorisedNotCouncil(msg.sender);
        if (ids.length != values.length) revert QuotaLengthsDiffer();
        _initialised = true;
        for (uint256 i; i < ids.length; ++i) {
            _setClass(ids[i], values[i]);
        }
        _publishBytePrice(bytePrice_);
    }

    /// @inheritdoc IQuota
    function charge(bytes calldata callData) external {
        Allowance memory own = _allowances[msg.sender].read();
        uint8 level = _levelOf(msg.sender, own);
        if (level == 0) revert QuotaUncertified(msg.sender);
        uint256 points = _priceOf(msg.sender, callData);

        address payer = own.sponsored ? _sponsors[msg.sender] : msg.sender;
        if (payer == msg.sender || !_chargeSponsor(payer, points)) {
            payer = msg.sender;
            if (!_charge(payer, own, level, points)) {
                (uint256 missing, uint256 availableBlock) = shortfall(msg.sender, points);
                revert QuotaExhausted(msg.sender, missing, availableBlock);
            }
        }

        emit Charged(msg.sender, payer, points);
    }

    /// @inheritdoc IQuota
    function setStanding(address account, uint8 level, uint40 expiresAt) external {
        if (msg.sender != _contract(Names.CERTIFICATIONS)) revert QuotaNotCertifications(msg.sender);
        Allowance memory allowance = _allowances[account].read();

        _settle(account, allowance);
        (allowance.level, allowance.expiresAt) = (level, expiresAt);
        if (allowance.updatedBlock == 0 && level != 0) {
            allowance.points = _classes[_classOf(allowance, level)].initial;
            allowance.updatedBlock = uint40(block.number);
        }
        _allowances[account] = AllowanceSlots.pack(allowance);
    }

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
    function setClass(uint8 id, Class calldata value) external onlyCouncil {
        _setClass(id, value);
    }

    /// @inheritdoc IQuota
    function assignClass(address account, uint8 id) external onlyRole(Roles.OPERATOR) {
        if (id != 0 && (id <= LAST_LEVEL_CLASS || _classes[id].periodBlocks == 0)) revert QuotaInvalidClass(id);
        Allowance memory allowance = _allowances[account].read();

        // Points are brought up to date under the old class first: those earned there stay.
        _settle(account, allowance);
        // A class of its own begins as an account does: with the initial points, not full.
        uint48 initial = _classes[id].initial;
        if (allowance.assignedClass == 0 && allowance.points < initial) allowance.points = initial;
        allowance.assignedClass = id;
        _allowances[account] = AllowanceSlots.pack(allowance);

        emit ClassAssigned(account, id);
    }

    /// @inheritdoc IQuota
    function sponsor(address account) external {
        IPartners(_contract(Names.PARTNERS)).requirePermission(msg.sender, 0);
        ICertifications certifications = ICertifications(_contract(Names.CERTIFICATIONS));
        if (certifications.certification(account, msg.sender).status != ICertifications.Status.Active) {
            revert QuotaNotSponsor(msg.sender, account);
        }
        if (_sponsors[account] != address(0)) revert QuotaSponsorTaken(account, _sponsors[account]);

        _sponsors[account] = msg.sender;
        _setSponsored(account, true);

        emit SponsorChanged(account, msg.sender);
    }

    /// @inheritdoc IQuota
    function endSponsorship(address account) external {
        address payer = _sponsors[account];
        if (payer == address(0) || (msg.sender != account && msg.sender != payer)) {
            revert QuotaNotSponsor(msg.sender, account);
        }

        delete _sponsors[account];
        _setSponsored(account, false);

        emit SponsorChanged(account, address(0));
    }

    /// @inheritdoc IQuota
    function priceOf(address account, bytes calldata callData) external view returns (uint256) {
        return _priceOf(account, callData);
    }

    /// @inheritdoc IQuota
    function pointsOf(address account) external view returns (uint256 own, uint256 sponsored) {
        own = _pointsOf(account);
        address payer = _sponsors[account];
        if (payer != address(0)) sponsored = _pointsOf(payer);
    }

    /// @inheritdoc IQuota
    function shortfall(address account, uint256 points) public view returns (uint256 missing, uint256 availableBlock) {
        (missing, availableBlock) = _shortfall(account, points);
        address payer = _sponsors[account];
        if (payer != address(0)) {
            (uint256 sponsorMissing, uint256 sponsorBlock) = _shortfall(payer, points);
            if (sponsorBlock < availableBlock) (missing, availableBlock) = (sponsorMissing, sponsorBlock);
        }
    }

    /// @inheritdoc IQuota
    function allowanceOf(address account) external view returns (Allowance memory) {
        return _allowances[account].read();
    }

    /// @inheritdoc IQuota
    function sponsorOf(address account) external view returns (address) {
        return _sponsors[account];
    }

    /// @inheritdoc IQuota
    function classOf(address account) external view returns (uint8) {
        Allowance memory allowance = _allowances[account].read();
        return _classOf(allowance, _levelOf(account, allowance));
    }

    /// @inheritdoc IQuota
    function class(uint8 id) external view returns (Class memory) {
        return _classes[id];
    }

    /// @inheritdoc IQuota
    function price(address group, bytes4 selector) external view returns (uint32) {
        return _prices[group][selector];
    }

    /// @inheritdoc IQuota
    function bytePrice() external view returns (uint32) {
        return _bytePrice;
    }

    /// @dev Adds the calls' prices and the bytes'.
    function _priceOf(address account, bytes calldata callData) private view returns (uint256 points) {
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

    function _setSponsored(address account, bool sponsored) private {
        Allowance memory allowance = _allowances[account].read();
        allowance.sponsored = sponsored;
        _allowances[account] = AllowanceSlots.pack(allowance);
    }

    function _chargeSponsor(address sponsor_, uint256 points) private returns (bool) {
        Allowance memory allowance = _allowances[sponsor_].read();
        return _charge(sponsor_, allowance, _levelOf(sponsor_, allowance), points);
    }

    function _charge(address account, Allowance memory allowance, uint8 level, uint256 points) private returns (bool) {
        uint256 available = _points(allowance, _classes[_classOf(allowance, level)]);
        if (available < points) return false;

        unchecked {
            (allowance.points, allowance.updatedBlock) = (uint48(available - points), uint40(block.number));
        }
        _allowances[account] = AllowanceSlots.pack(allowance);
        return true;
    }

    /// @dev Brings the points of an open account up to date.
    function _settle(address account, Allowance memory allowance) private view {
        if (allowance.updatedBlock == 0) return;
        uint8 id = _classOf(allowance, _levelOf(account, allowance));
        (allowance.points, allowance.updatedBlock) = (uint48(_points(allowance, _classes[id])), uint40(block.number));
    }

    function _pointsOf(address account) private view returns (uint256) {
        Allowance memory allowance = _allowances[account].read();
        return _points(allowance, _classes[_classOf(allowance, _levelOf(account, allowance))]);
    }

    /// @dev Points now: those at the last update and a grant for each period that ended since, up to the ceiling.
    function _points(Allowance memory allowance, Class memory c) private view returns (uint256 points) {
        if (c.periodBlocks == 0 || allowance.updatedBlock == 0) return 0;
        unchecked {
            // Blocks have 40 bits and grants 48: the product can not overflow.
            uint256 periods = block.number / c.periodBlocks - allowance.updatedBlock / c.periodBlocks;
            points = allowance.points + periods * c.grant;
        }
        if (points > c.ceiling) points = c.ceiling;
    }

    function _shortfall(
        address account,
        uint256 points
    ) private view returns (uint256 missing, uint256 availableBlock) {
        Allowance memory allowance = _allowances[account].read();
        Class memory c = _classes[_classOf(allowance, _levelOf(account, allowance))];
        uint256 available = _points(allowance, c);
        if (available >= points) return (0, block.number);

        missing = points - available;
        bool never = points > c.ceiling || c.grant == 0 || c.periodBlocks == 0 || allowance.updatedBlock == 0;
        if (never) return (missing, type(uint256).max);
        uint256 periods = (missing + c.grant - 1) / c.grant;
        availableBlock = (block.number / c.periodBlocks + periods) * c.periodBlocks;
    }

    function _classOf(Allowance memory allowance, uint8 level) private pure returns (uint8) {
        return allowance.assignedClass == 0 ? level : allowance.assignedClass;
    }

    /// @dev Number of the account's strongest live level, which is the number of its class; 0: none. After the expiry
    /// of the one that Certifications told of, the next strongest is asked for.
    function _levelOf(address account, Allowance memory allowance) private view returns (uint8 number) {
        if (block.timestamp < allowance.expiresAt) return allowance.level;
        address certifications = _contract(Names.CERTIFICATIONS);
        if (certifications == address(0)) return 0;
        (number, ) = ICertifications(certifications).levelOf(account);
    }

    function _contract(bytes32 name) private view returns (address) {
        return IDirectory(SystemAddresses.DIRECTORY).addressOf(name);
    }

    function _setClass(uint8 id, Class calldata value) private {
        if (id == 0 || value.periodBlocks == 0 || value.initial > value.ceiling) revert QuotaInvalidClass(id);
        _classes[id] = value;
        emit ClassSet(id, value.ceiling, value.grant, value.initial, value.periodBlocks);
    }

    function _publishBytePrice(uint32 points) private {
        _bytePrice = points;
        emit BytePricePublished(points);
    }
}
