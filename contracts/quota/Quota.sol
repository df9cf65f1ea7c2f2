// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC7579Utils} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {Execution} from "@openzeppelin/contracts/interfaces/draft-IERC7579.sol";
import {IERC7821} from "@openzeppelin/contracts/interfaces/draft-IERC7821.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IQuota} from "../interfaces/IQuota.sol";
import {Names} from "../types/Names.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";

contract Quota is IQuota, CouncilUpgradeable {
    /// @dev Classes up to this number are those of the certification levels.
    uint8 public constant LAST_LEVEL_CLASS = 15;
    /// @dev ERC-7821: one batch, no optional data.
    bytes32 private constant BATCH_MODE = 0x0100000000000000000000000000000000000000000000000000000000000000;

    mapping(address account => Allowance) private _allowances;
    mapping(uint8 id => Class) private _classes;
    mapping(address group => mapping(bytes4 selector => uint32)) private _prices;
    uint32 private _bytePrice;

    /// @notice Sets the first classes and the price per byte; part of the genesis allocation.
    /// @param ids Numbers of the classes.
    function initialise(uint8[] calldata ids, Class[] calldata values, uint32 bytePrice_) external {
        if (_bytePrice != 0) revert UnauthorisedNotCouncil(msg.sender);
        if (ids.length != values.length) revert QuotaLengthsDiffer();
        for (uint256 i; i < ids.length; ++i) {
            _setClass(ids[i], values[i]);
        }
        _publishBytePrice(bytePrice_);
    }

    /// @inheritdoc IQuota
    function charge(bytes calldata callData) external {
        uint256 points = _priceOf(msg.sender, callData);
        uint8 levelClass = _levelOf(msg.sender);
        if (levelClass == 0) revert QuotaUncertified(msg.sender);

        address payer = _allowances[msg.sender].sponsor;
        if (payer == address(0) || !_tryCharge(payer, _levelOf(payer), points)) {
            payer = msg.sender;
            if (!_tryCharge(payer, levelClass, points)) {
                (uint256 missing, uint256 availableBlock) = shortfall(msg.sender, points);
                revert QuotaExhausted(msg.sender, missing, availableBlock);
            }
        }

        emit Charged(msg.sender, payer, points);
    }

    /// @inheritdoc IQuota
    function open(address account) external {
        if (msg.sender != _contract(Names.CERTIFICATIONS)) revert QuotaNotCertifications(msg.sender);
        Allowance storage allowance = _allowances[account];
        if (allowance.updatedBlock != 0) return;

        uint8 id = _classOf(account, _levelOf(account));
        (allowance.points, allowance.updatedBlock) = (_classes[id].initial, uint40(block.number));
    }

    /// @inheritdoc IQuota
    function publishPrices(address group, bytes4[] calldata selectors, uint32[] calldata points) external {
        bool council = msg.sender == SystemAddresses.COUNCIL;
        if (!council && !_hasRole(Roles.OPERATOR, msg.sender)) revert Unauthorised(msg.sender, Roles.OPERATOR);
        if (selectors.length != points.length) revert QuotaLengthsDiffer();

        for (uint256 i; i < selectors.length; ++i) {
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
        Allowance storage allowance = _allowances[account];

        // Points are brought up to date under the old class first: a new one changes the future only.
        if (allowance.updatedBlock != 0) {
            (allowance.points, allowance.updatedBlock) = (_points(account, _levelOf(account)), uint40(block.number));
        }
        allowance.class = id;

        emit ClassAssigned(account, id);
    }

    /// @inheritdoc IQuota
    function sponsor(address account) external {
        IPartners(_contract(Names.PARTNERS)).requirePermission(msg.sender, 0);
        ICertifications certifications = ICertifications(_contract(Names.CERTIFICATIONS));
        if (certifications.certification(account, msg.sender).status != ICertifications.Status.Active) {
            revert QuotaNotSponsor(msg.sender, account);
        }
        Allowance storage allowance = _allowances[account];
        if (allowance.sponsor != address(0)) revert QuotaSponsorTaken(account, allowance.sponsor);

        allowance.sponsor = msg.sender;

        emit SponsorChanged(account, msg.sender);
    }

    /// @inheritdoc IQuota
    function endSponsorship(address account) external {
        Allowance storage allowance = _allowances[account];
        if (msg.sender != account && msg.sender != allowance.sponsor) revert QuotaNotSponsor(msg.sender, account);

        allowance.sponsor = address(0);

        emit SponsorChanged(account, address(0));
    }

    /// @inheritdoc IQuota
    function priceOf(address account, bytes calldata callData) external view returns (uint256) {
        return _priceOf(account, callData);
    }

    /// @inheritdoc IQuota
    function pointsOf(address account) public view returns (uint256 own, uint256 sponsored) {
        own = _points(account, _levelOf(account));
        address payer = _allowances[account].sponsor;
        if (payer != address(0)) sponsored = _points(payer, _levelOf(payer));
    }

    /// @inheritdoc IQuota
    function shortfall(address account, uint256 points)
        public
        view
        returns (uint256 missing, uint256 availableBlock)
    {
        (missing, availableBlock) = _shortfall(account, points);
        address payer = _allowances[account].sponsor;
        if (payer != address(0)) {
            (uint256 sponsorMissing, uint256 sponsorBlock) = _shortfall(payer, points);
            if (sponsorBlock < availableBlock) (missing, availableBlock) = (sponsorMissing, sponsorBlock);
        }
    }

    /// @inheritdoc IQuota
    function allowanceOf(address account) external view returns (Allowance memory) {
        return _allowances[account];
    }

    /// @inheritdoc IQuota
    function classOf(address account) external view returns (uint8) {
        return _classOf(account, _levelOf(account));
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

    /// @dev Adds the calls' prices and the bytes'. It reads the batch exactly as the account will execute it.
    function _priceOf(address account, bytes calldata callData) private view returns (uint256 points) {
        if (callData.length < 4 || bytes4(callData[:4]) != IERC7821.execute.selector) revert QuotaNotABatch();
        if (callData.length < 36 || bytes32(callData[4:36]) != BATCH_MODE) revert QuotaNotABatch();
        Execution[] calldata calls = ERC7579Utils.decodeBatch(_bytesArgument(callData[4:]));
        if (calls.length == 0) revert QuotaNotABatch();

        points = callData.length * _bytePrice;
        for (uint256 i; i < calls.length; ++i) {
            points += _callPrice(account, calls[i].target, calls[i].callData);
        }
    }

    function _callPrice(address account, address target, bytes calldata data) private view returns (uint256 points) {
        bytes4 selector = data.length < 4 ? bytes4(0) : bytes4(data[:4]);
        // ERC-7821 reads the zero address as the account itself; its prices stand under that group.
        bool itself = target == account || target == address(0);
        address group = itself ? address(0) : IDirectory(SystemAddresses.DIRECTORY).groupOf(target);
        if (!itself && group == address(0)) revert QuotaUnpriced(target, selector);
        points = _prices[group][selector];
        if (points == 0) revert QuotaUnpriced(target, selector);
    }

    /// @dev Second argument of `execute(bytes32,bytes)`, decoded as the compiler decodes it in the account.
    function _bytesArgument(bytes calldata arguments) private pure returns (bytes calldata value) {
        uint256 offset = arguments.length < 64 ? type(uint256).max : uint256(bytes32(arguments[32:64]));
        if (offset > arguments.length || arguments.length - offset < 32) revert QuotaNotABatch();
        uint256 length = uint256(bytes32(arguments[offset:offset + 32]));
        if (length > arguments.length - offset - 32) revert QuotaNotABatch();
        return arguments[offset + 32:offset + 32 + length];
    }

    function _tryCharge(address account, uint8 levelClass, uint256 points) private returns (bool) {
        uint48 available = _points(account, levelClass);
        if (available < points) return false;

        Allowance storage allowance = _allowances[account];
        (allowance.points, allowance.updatedBlock) = (uint48(available - points), uint40(block.number));
        return true;
    }

    /// @dev Points now: those at the last update and a grant for each period that ended since, up to the ceiling.
    function _points(address account, uint8 levelClass) private view returns (uint48) {
        Allowance storage allowance = _allowances[account];
        uint8 id = allowance.class == 0 ? levelClass : allowance.class;
        Class memory c = _classes[id];
        if (c.periodBlocks == 0) return 0;
        uint256 updated = allowance.updatedBlock;
        if (updated == 0) return 0;
        uint256 periods = block.number / c.periodBlocks - updated / c.periodBlocks;
        uint256 points = allowance.points + periods * c.grant;
        return points > c.ceiling ? c.ceiling : uint48(points);
    }

    function _shortfall(address account, uint256 points)
        private
        view
        returns (uint256 missing, uint256 availableBlock)
    {
        uint8 levelClass = _levelOf(account);
        uint256 available = _points(account, levelClass);
        if (available >= points) return (0, block.number);

        missing = points - available;
        Class memory c = _classes[_classOf(account, levelClass)];
        if (points > c.ceiling || c.grant == 0 || c.periodBlocks == 0) return (missing, type(uint256).max);
        if (_allowances[account].updatedBlock == 0) return (missing, type(uint256).max);
        uint256 periods = (missing + c.grant - 1) / c.grant;
        availableBlock = (block.number / c.periodBlocks + periods) * c.periodBlocks;
    }

    function _classOf(address account, uint8 levelClass) private view returns (uint8 id) {
        id = _allowances[account].class;
        if (id == 0) id = levelClass;
    }

    /// @dev Number of the account's strongest live level, which is the number of its class; 0: none.
    function _levelOf(address account) private view returns (uint8 number) {
        address certifications = _contract(Names.CERTIFICATIONS);
        if (certifications == address(0)) return 0;
        (number,) = ICertifications(certifications).levelOf(account);
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
