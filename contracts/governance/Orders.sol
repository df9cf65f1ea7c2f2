// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IAccountFactory} from "../interfaces/IAccountFactory.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IOrders} from "../interfaces/IOrders.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {Roles} from "../types/Roles.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {CouncilUpgradeable} from "./CouncilUpgradeable.sol";

contract Orders is IOrders, CouncilUpgradeable {
    /// @dev Furthest a last block may lie ahead: a year of 3-second blocks. An order is not kept in a drawer.
    uint48 public constant MAX_LIFETIME = 10_512_000;

    IPartners private immutable PARTNERS;
    ICertifications private immutable CERTIFICATIONS;
    IAccountFactory private immutable ACCOUNT_FACTORY;

    Order[] private _orders;
    uint256 private transient _executing;

    constructor(IPartners partners, ICertifications certifications, IAccountFactory accountFactory) {
        PARTNERS = partners;
        CERTIFICATIONS = certifications;
        ACCOUNT_FACTORY = accountFactory;
    }

    /// @inheritdoc IOrders
    function file(
        Filing calldata filing,
        string calldata location
    ) external onlyRole(Roles.REGULATOR) returns (uint256 id) {
        if (filing.document == bytes32(0)) revert OrderDocumentMissing();
        uint256 latest = block.number + MAX_LIFETIME;
        if (filing.lastBlock < block.number || filing.lastBlock > latest) {
            revert OrderLastBlockInvalid(filing.lastBlock, block.number, latest);
        }
        if ((filing.target == address(0)) != (filing.callDigest == bytes32(0))) {
            revert OrderCallIncomplete(filing.target, filing.callDigest);
        }
        if (filing.target != address(0)) _checkTarget(filing.target);
        _checkExecutor(filing.executor, filing.subject);

        Order storage order = _orders.push();
        id = _orders.length;
        order.authority = msg.sender;
        order.filedBlock = uint48(block.number);
        order.lastBlock = filing.lastBlock;
        order.status = Status.Filed;
        order.executor = filing.executor;
        order.subject = filing.subject;
        order.target = filing.target;
        order.callDigest = filing.callDigest;
        order.document = filing.document;

        emit OrderFiled(
            id,
            msg.sender,
            filing.subject,
            filing.executor,
            filing.target,
            filing.callDigest,
            filing.document,
            filing.lastBlock,
            location
        );
    }

    /// @inheritdoc IOrders
    function execute(uint256 id, bytes calldata data) external {
        if (_executing != 0) revert OrderExecuting(_executing);
        Order storage order = _requireExecutor(id);
        address target = order.target;
        if (target == address(0)) revert OrderWithoutCall(id);
        bytes32 digest = keccak256(data);
        if (digest != order.callDigest) revert OrderCallDiffers(id, digest);
        _checkTarget(target);

        _close(order, Status.Executed);
        order.executor = msg.sender;

        emit OrderExecuted(id, msg.sender);

        _executing = id;
        if (!LowLevelCall.callNoReturn(target, data)) LowLevelCall.bubbleRevert();
        _executing = 0;
    }

    /// @inheritdoc IOrders
    function report(uint256 id, bytes32 result) external {
        Order storage order = _requireExecutor(id);
        if (order.target != address(0)) revert OrderWithCall(id);
        if (result == bytes32(0)) revert OrderResultMissing();

        _close(order, Status.Reported);
        order.executor = msg.sender;
        order.result = result;

        emit OrderReported(id, msg.sender, result);
    }

    /// @inheritdoc IOrders
    function withdraw(uint256 id, bytes32 ground) external {
        Order storage order = _requireLive(id);
        if (msg.sender != order.authority) revert OrderNotAuthority(id, msg.sender);
        if (ground == bytes32(0)) revert OrderResultMissing();

        _close(order, Status.Withdrawn);
        order.result = ground;

        emit OrderWithdrawn(id, ground);
    }

    /// @inheritdoc IOrders
    function executing() external view returns (uint256) {
        return _executing;
    }

    /// @inheritdoc IOrders
    function subjectOf(uint256 id) external view returns (address) {
        return _requireKnown(id).subject;
    }

    /// @inheritdoc IOrders
    function orderOf(uint256 id) external view returns (Order memory) {
        return _requireKnown(id);
    }

    /// @inheritdoc IOrders
    function statusOf(uint256 id) public view returns (Status) {
        if (id == 0 || id > _orders.length) return Status.None;
        Order storage order = _orders[id - 1];
        return order.status == Status.Filed && block.number > order.lastBlock ? Status.Expired : order.status;
    }

    /// @inheritdoc IOrders
    function count() external view returns (uint256) {
        return _orders.length;
    }

    /// @dev Directory takes instances from every listed contract, this one included: no order may use that.
    function _checkTarget(address target) private view {
        if (
            target == address(this) ||
            target == SystemAddresses.DIRECTORY ||
            IDirectory(SystemAddresses.DIRECTORY).groupOf(target) == address(0)
        ) revert OrderTargetInvalid(target);
    }

    /// @dev The operator acts against participants; a user's order goes to a partner that certifies the user.
    function _checkExecutor(address executor, address subject) private view {
        bool isUser = ACCOUNT_FACTORY.isAccount(subject) && PARTNERS.statusOf(subject) == IPartners.Status.None;
        if (executor != address(0)) {
            if (!PARTNERS.isAdmitted(executor) || (isUser && !CERTIFICATIONS.isLiveCertifier(subject, executor))) {
                revert OrderExecutorInvalid(executor, subject);
            }
        } else if (isUser) {
            address certifier = CERTIFICATIONS.admittedCertifierOf(subject);
            if (certifier != address(0)) revert OrderForCertifier(subject, certifier);
        }
    }

    function _requireKnown(uint256 id) private view returns (Order storage) {
        if (id == 0 || id > _orders.length) revert OrderUnknown(id);
        return _orders[id - 1];
    }

    function _requireLive(uint256 id) private view returns (Order storage) {
        Status status = statusOf(id);
        if (status == Status.None) revert OrderUnknown(id);
        if (status != Status.Filed) revert OrderNotLive(id, status);
        return _orders[id - 1];
    }

    /// @dev Judged anew when it acts: an executor, a certification and an authority's role can end in between.
    function _requireExecutor(uint256 id) private view returns (Order storage order) {
        order = _requireLive(id);
        address executor = order.executor;
        bool isExecutor = executor == address(0) ? _hasRole(Roles.OPERATOR, msg.sender) : msg.sender == executor;
        if (!isExecutor) revert OrderNotExecutor(id, msg.sender);
        if (!_hasRole(Roles.REGULATOR, order.authority)) revert OrderAuthorityLost(id, order.authority);
        // What was filed for the operator stays the operator's: nobody can stop it by certifying the user meanwhile.
        if (executor != address(0)) _checkExecutor(executor, order.subject);
    }

    function _close(Order storage order, Status status) private {
        order.status = status;
        order.closedBlock = uint48(block.number);
    }
}
