// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {CouncilUpgradeable} from "../governance/CouncilUpgradeable.sol";
import {Pauses} from "../governance/Pauses.sol";
import {IBropAccount} from "../interfaces/IBropAccount.sol";
import {ICustodyProofs} from "../interfaces/ICustodyProofs.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IPartners} from "../interfaces/IPartners.sol";
import {IRecords} from "../interfaces/IRecords.sol";
import {IVoucher} from "../interfaces/IVoucher.sol";
import {PartnerPermissions} from "../types/Permissions.sol";
import {SystemAddresses} from "../types/SystemAddresses.sol";
import {CustodyStatements} from "./CustodyStatements.sol";
import {MerkleSum} from "./MerkleSum.sol";

contract CustodyProofs is CustodyStatements, CouncilUpgradeable {
    using MerkleSum for MerkleSum.Commitment;

    /// @dev Furthest back that a proof's block may lie: one day of 3-second blocks.
    uint256 public constant MAX_AGE = 28_800;
    /// @dev Blocks in which a challenge is answered: one day, and as long as an emergency pause keeps from it.
    uint48 public constant ANSWER_BLOCKS = 28_800;
    /// @dev Blocks after a publication in which it can be disputed: 30 days. Publishers keep their trees so long, and a
    /// key that leaks long after it was replaced spoils nothing.
    uint256 public constant DISPUTE_BLOCKS = 864_000;

    IPartners private immutable PARTNERS;
    IRecords private immutable RECORDS;
    address private immutable VOUCHER_FACTORY;

    mapping(bytes32 id => Proof) private _proofs;
    mapping(bytes32 id => mapping(bytes32 statement => Statement)) private _statements;

    constructor(IPartners partners, IRecords records, address voucherFactory) {
        PARTNERS = partners;
        RECORDS = records;
        // Without it no voucher would be known, and nothing could be published.
        // slither-disable-next-line missing-zero-check
        VOUCHER_FACTORY = voucherFactory;
    }

    /// @inheritdoc ICustodyProofs
    function publish(
        IVoucher voucher,
        uint48 blockNumber,
        MerkleSum.Commitment calldata tree
    ) external returns (bytes32 id) {
        PARTNERS.requirePermission(msg.sender, PartnerPermissions.CUSTODY);
        // Any other contract could answer with a balance of its own making.
        if (IDirectory(SystemAddresses.DIRECTORY).groupOf(address(voucher)) != VOUCHER_FACTORY) {
            revert CustodyVoucherUnlisted(address(voucher));
        }
        if (uint256(blockNumber) + MAX_AGE < block.number) {
            revert CustodyBlockTooOld(blockNumber, block.number - MAX_AGE);
        }
        // The voucher refuses blocks that are not over, and those before the custody account was opened.
        uint256 balance = voucher.custodyBalanceAt(msg.sender, blockNumber);
        if (tree.total != balance) revert CustodyTotalDiffers(tree.total, balance);
        id = proofId(msg.sender, address(voucher), blockNumber);

        _store(id, blockNumber, tree);
        _proofs[id].voucher = address(voucher);

        emit CustodyProven(id, msg.sender, address(voucher), blockNumber, tree);
    }

    /// @inheritdoc ICustodyProofs
    function publishDeclared(
        bytes32 digest,
        bytes32 subject,
        MerkleSum.Commitment calldata tree
    ) external returns (bytes32 id) {
        bytes32 record = RECORDS.recordId(msg.sender, digest, subject);
        if (RECORDS.recordOf(record).status != IRecords.Status.Valid) revert CustodyRecordNotValid(record);
        id = declaredId(msg.sender, record);
        uint48 blockNumber = uint48(block.number - 1);

        _store(id, blockNumber, tree);
        _proofs[id].record = record;

        emit CustodyDeclared(id, msg.sender, record, blockNumber, tree);
    }

    /// @inheritdoc ICustodyProofs
    function disputeAmount(
        bytes32 id,
        uint256 amount,
        bytes calldata signature,
        MerkleSum.Leaf calldata leaf
    ) external {
        bytes32 statement = _checkStatement(id, leaf.key, amount, signature);
        if (leaf.amount == amount || !verifyInclusion(id, leaf)) revert CustodyNotContradicted(id);
        _contradict(id, statement);
    }

    /// @inheritdoc ICustodyProofs
    function disputeAbsence(
        bytes32 id,
        bytes32 leafKey,
        uint256 amount,
        bytes calldata signature,
        MerkleSum.Leaf[] calldata leaves
    ) external {
        bytes32 statement = _checkStatement(id, leafKey, amount, signature);
        if (amount == 0 || !verifyAbsence(id, leafKey, leaves)) revert CustodyNotContradicted(id);
        _contradict(id, statement);
    }

    /// @inheritdoc ICustodyProofs
    function disputeOrder(bytes32 id, MerkleSum.Leaf calldata earlier, MerkleSum.Leaf calldata later) external {
        _checkDisputable(id);
        if (!_treeOf(id).isDisordered(earlier, later)) revert CustodyNotContradicted(id);
        _dispute(id, bytes32(0));
    }

    /// @inheritdoc ICustodyProofs
    function challenge(bytes32 id, bytes32 leafKey, uint256 amount, bytes calldata signature) external {
        bytes32 statement = _checkStatement(id, leafKey, amount, signature);
        if (amount == 0) revert CustodyNotContradicted(id);
        _checkStatus(id, statement, StatementStatus.None);
        uint48 lastBlock = uint48(block.number) + ANSWER_BLOCKS;

        _statements[id][statement] = Statement(StatementStatus.Challenged, lastBlock);
        ++_proofs[id].openChallenges;

        emit CustodyChallenged(id, statement, leafKey, amount, lastBlock);
    }

    /// @inheritdoc ICustodyProofs
    function answer(bytes32 id, MerkleSum.Leaf calldata leaf) external {
        bytes32 statement = _statementOf(id, leaf.key, leaf.amount);
        _checkStatus(id, statement, StatementStatus.Challenged);
        uint48 lastBlock = _answerDue(id, statement);
        if (block.number > lastBlock) revert CustodyAnswerTooLate(statement, lastBlock);
        if (!verifyInclusion(id, leaf)) revert CustodyAnswerWrong(id);

        _statements[id][statement].status = StatementStatus.Answered;
        --_proofs[id].openChallenges;

        emit CustodyChallengeAnswered(id, statement);
    }

    /// @inheritdoc ICustodyProofs
    function disputeSilence(bytes32 id, bytes32 statement) external {
        _checkStatus(id, statement, StatementStatus.Challenged);
        uint48 lastBlock = _answerDue(id, statement);
        if (block.number <= lastBlock) revert CustodyAnswerDue(statement, lastBlock);
        _contradict(id, statement);
    }

    /// @inheritdoc ICustodyProofs
    function verifyInclusion(bytes32 id, MerkleSum.Leaf calldata leaf) public view returns (bool) {
        return _treeOf(id).isIncluded(leaf);
    }

    /// @inheritdoc ICustodyProofs
    function verifyAbsence(bytes32 id, bytes32 leafKey, MerkleSum.Leaf[] calldata leaves) public view returns (bool) {
        return _treeOf(id).isAbsent(leafKey, leaves);
    }

    /// @inheritdoc ICustodyProofs
    function proofId(address exchange, address voucher, uint48 blockNumber) public pure returns (bytes32) {
        return keccak256(abi.encode(exchange, voucher, blockNumber));
    }

    /// @inheritdoc ICustodyProofs
    function declaredId(address publisher, bytes32 record) public pure returns (bytes32) {
        return keccak256(abi.encode(publisher, record));
    }

    /// @inheritdoc ICustodyProofs
    function proofOf(bytes32 id) external view returns (Proof memory) {
        return _proofs[id];
    }

    /// @inheritdoc ICustodyProofs
    function statusOf(bytes32 id) external view returns (Status) {
        Proof storage p = _proofs[id];
        if (p.publisher == address(0)) return Status.None;
        if (p.disputed) return Status.Disputed;
        if (p.openChallenges != 0) return Status.Challenged;
        return p.voucher == address(0) ? Status.Declared : Status.Proven;
    }

    /// @inheritdoc ICustodyProofs
    function statementOf(bytes32 id, bytes32 statement) external view returns (Statement memory s) {
        s = _statements[id][statement];
        if (s.lastBlock != 0) s.lastBlock = _answerDue(id, statement);
    }

    function _store(bytes32 id, uint48 blockNumber, MerkleSum.Commitment calldata tree) private {
        if (tree.root == bytes32(0) || tree.count == 0) revert CustodyTreeMissing();
        Proof storage p = _proofs[id];
        if (p.publisher != address(0)) revert CustodyProofExists(id);

        (p.publisher, p.blockNumber, p.publishedBlock) = (msg.sender, blockNumber, uint48(block.number));
        (p.root, p.total, p.count) = (tree.root, tree.total, tree.count);
    }

    /// @dev Remembers a statement that the tree contradicts; each is shown once.
    function _contradict(bytes32 id, bytes32 statement) private {
        Statement storage s = _statements[id][statement];
        if (s.status == StatementStatus.Contradicted) {
            revert CustodyStatementWrongStatus(id, statement, StatementStatus.Contradicted);
        }
        if (s.status == StatementStatus.Challenged) --_proofs[id].openChallenges;
        s.status = StatementStatus.Contradicted;
        _dispute(id, statement);
    }

    function _dispute(bytes32 id, bytes32 statement) private {
        _proofs[id].disputed = true;

        emit CustodyDisputed(id, statement);
    }

    /// @dev That the publisher signed the statement, and that it is not too late to show it.
    function _checkStatement(
        bytes32 id,
        bytes32 leafKey,
        uint256 amount,
        bytes calldata signature
    ) private view returns (bytes32 statement) {
        _checkDisputable(id);
        Proof storage p = _proofs[id];
        statement = _statementOf(id, leafKey, amount);
        bytes4 answered = IBropAccount(p.publisher).isValidSignatureAt(statement, signature, p.blockNumber);
        if (answered != IERC1271.isValidSignature.selector) revert CustodyStatementInvalid(id, statement);
    }

    function _checkDisputable(bytes32 id) private view {
        Proof storage p = _proofs[id];
        if (p.publisher == address(0)) revert CustodyProofUnknown(id);
        uint256 lastBlock = p.publishedBlock + DISPUTE_BLOCKS;
        if (block.number > lastBlock) revert CustodyDisputeTooLate(id, lastBlock);
    }

    /// @dev Last block in which a challenge can be answered: silence counts only where the publisher could have spoken.
    function _answerDue(bytes32 id, bytes32 statement) private view returns (uint48) {
        uint48 lastBlock = _statements[id][statement].lastBlock;
        return Pauses.extend(lastBlock - ANSWER_BLOCKS, lastBlock);
    }

    function _checkStatus(bytes32 id, bytes32 statement, StatementStatus wanted) private view {
        StatementStatus status = _statements[id][statement].status;
        if (status != wanted) revert CustodyStatementWrongStatus(id, statement, status);
    }

    function _statementOf(bytes32 id, bytes32 leafKey, uint256 amount) private view returns (bytes32) {
        Proof storage p = _proofs[id];
        return
            p.voucher == address(0)
                ? declaredStatementDigest(p.publisher, p.record, leafKey, amount)
                : statementDigest(p.publisher, p.voucher, p.blockNumber, leafKey, amount);
    }

    function _treeOf(bytes32 id) private view returns (MerkleSum.Commitment memory) {
        Proof storage p = _proofs[id];
        return MerkleSum.Commitment(p.root, p.total, p.count);
    }
}
