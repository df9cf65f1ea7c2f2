// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {IAgreements} from "../interfaces/IAgreements.sol";
import {ICertifications} from "../interfaces/ICertifications.sol";
import {DigestAlgorithms} from "../types/DigestAlgorithms.sol";
import {LevelPermissions} from "../types/Permissions.sol";

contract Agreements is IAgreements, CouncilUpgradeable {
    uint256 public constant MAX_PARTIES = 64;

    ICertifications private immutable CERTIFICATIONS;

    mapping(bytes32 id => Agreement) private _agreements;
    /// @dev Position of a party in the proposal, from 1; 0: not a party.
    mapping(bytes32 id => mapping(address account => uint256)) private _positions;

    constructor(ICertifications certifications) {
        CERTIFICATIONS = certifications;
    }

    /// @inheritdoc IAgreements
    function propose(Proposal calldata proposal) external returns (bytes32 id) {
        _requirePermitted();
        if (proposal.digest == bytes32(0)) revert AgreementDigestMissing();
        if (!DigestAlgorithms.isKnown(proposal.algorithm)) revert AgreementAlgorithmUnknown(proposal.algorithm);
        if (proposal.lastBlock < block.number) revert AgreementDeadlinePassed(proposal.lastBlock, block.number);
        uint256 count = proposal.parties.length;
        if (count == 0 || count > MAX_PARTIES) revert AgreementPartyCount(count, MAX_PARTIES);
        id = agreementId(msg.sender, proposal);
        Agreement storage agreement = _agreements[id];
        if (agreement.status != Status.None) revert AgreementExists(id);

        agreement.proposer = msg.sender;
        agreement.lastBlock = proposal.lastBlock;
        agreement.algorithm = proposal.algorithm;
        agreement.parties = uint8(count);
        agreement.status = Status.Proposed;
        agreement.proposedBlock = uint48(block.number);
        agreement.digest = proposal.digest;
        address previous;
        for (uint256 i; i < count; ++i) {
            address party = proposal.parties[i];
            if (party <= previous) revert AgreementPartyOrder(i, party);
            _positions[id][party] = i + 1;
            previous = party;
        }

        emit AgreementProposed(
            id,
            msg.sender,
            proposal.digest,
            proposal.algorithm,
            proposal.lastBlock,
            proposal.salt,
            proposal.parties
        );
    }

    /// @inheritdoc IAgreements
    function confirm(bytes32 id) external {
        Agreement storage agreement = _open(id);
        uint64 bit = _bitOf(id, msg.sender);
        if (agreement.confirmations & bit != 0) revert AgreementAlreadyConfirmed(id, msg.sender);
        _requirePermitted();

        uint64 confirmations = agreement.confirmations | bit;
        agreement.confirmations = confirmations;
        bool complete = confirmations == type(uint64).max >> (MAX_PARTIES - agreement.parties);
        if (complete) _close(agreement, Status.Effective);

        emit AgreementConfirmed(id, msg.sender, confirmations);
        if (complete) emit AgreementEffective(id, agreement.digest);
    }

    /// @inheritdoc IAgreements
    function withdraw(bytes32 id) external {
        Agreement storage agreement = _open(id);
        uint64 bit = _bitOf(id, msg.sender);
        if (agreement.confirmations & bit == 0) revert AgreementNotConfirmed(id, msg.sender);

        agreement.confirmations &= ~bit;

        emit ConfirmationWithdrawn(id, msg.sender, agreement.confirmations);
    }

    /// @inheritdoc IAgreements
    function cancel(bytes32 id) external {
        Agreement storage agreement = _open(id);
        if (agreement.proposer != msg.sender) revert AgreementNotProposer(id, msg.sender);

        _close(agreement, Status.Cancelled);

        emit AgreementCancelled(id);
    }

    /// @inheritdoc IAgreements
    function agreementId(address proposer, Proposal calldata proposal) public pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    proposer,
                    proposal.digest,
                    proposal.algorithm,
                    proposal.parties,
                    proposal.lastBlock,
                    proposal.salt
                )
            );
    }

    /// @inheritdoc IAgreements
    function agreementOf(bytes32 id) external view returns (Agreement memory agreement) {
        agreement = _agreements[id];
        agreement.status = _statusOf(_agreements[id]);
    }

    /// @inheritdoc IAgreements
    function isParty(bytes32 id, address account) external view returns (bool) {
        return _positions[id][account] != 0;
    }

    /// @inheritdoc IAgreements
    function hasConfirmed(bytes32 id, address account) external view returns (bool) {
        uint256 position = _positions[id][account];
        return position != 0 && _agreements[id].confirmations & _bitAt(position) != 0;
    }

    function _statusOf(Agreement storage agreement) private view returns (Status status) {
        status = agreement.status;
        if (status == Status.Proposed && block.number > agreement.lastBlock) status = Status.Lapsed;
    }

    function _open(bytes32 id) private view returns (Agreement storage agreement) {
        agreement = _agreements[id];
        Status status = _statusOf(agreement);
        if (status == Status.None) revert AgreementUnknown(id);
        if (status != Status.Proposed) revert AgreementWrongStatus(id, status);
    }

    function _bitOf(bytes32 id, address account) private view returns (uint64) {
        uint256 position = _positions[id][account];
        if (position == 0) revert AgreementNotParty(id, account);
        return _bitAt(position);
    }

    function _bitAt(uint256 position) private pure returns (uint64) {
        return uint64(1) << uint64(position - 1);
    }

    function _requirePermitted() private view {
        if (!CERTIFICATIONS.permits(msg.sender, LevelPermissions.CONFIRMATIONS))
            revert AgreementNotPermitted(msg.sender);
    }

    function _close(Agreement storage agreement, Status status) private {
        agreement.status = status;
        agreement.closedBlock = uint48(block.number);
        agreement.closedAt = uint40(block.timestamp);
    }
}
