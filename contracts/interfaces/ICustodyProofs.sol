// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MerkleSum} from "../voucher/MerkleSum.sol";
import {IVoucher} from "./IVoucher.sol";

/// @title Custody proofs: that an exchange holds what it owes its users (VO-7)
/// @notice An exchange commits to what it holds for each user, for a block that it names, and the total must be its
/// balance at that block. A leaf's key is keccak256(account, salt), with a secret salt of 32 bytes for each user and
/// proof, which the exchange tells the user together with a signed statement of leaf key and amount. The user compares
/// statement, salt and inclusion proof. Where they contradict each other, or the exchange keeps the inclusion proof
/// back, the statement shows it here, for `DISPUTE_BLOCKS` after the publication. A statement is judged by the signer
/// that the exchange's account had at the block the proof is about: later keys neither make nor unmake one.
///
/// A publisher can bind its total to an evidence record of its own instead of a balance. That is declared, never proven.
interface ICustodyProofs {
    /// @dev Declared: the total is the publisher's word. Challenged: the publisher has yet to show a leaf that it stated.
    enum Status {
        None,
        Proven,
        Declared,
        Challenged,
        Disputed
    }

    /// @dev Answered: the tree has the leaf as stated. Contradicted: it has not, and the proof is disputed.
    enum StatementStatus {
        None,
        Challenged,
        Answered,
        Contradicted
    }

    /// @param publisher Exchange, or owner of the record.
    /// @param blockNumber Block at whose end the leaves held.
    /// @param publishedBlock Block of the publication.
    /// @param voucher Voucher of which the publisher held the total; the zero address: declared.
    /// @param count Number of leaves.
    /// @param openChallenges Stated leaves that are yet to be shown.
    /// @param disputed Whether a contradiction was shown.
    /// @param root Hash of the topmost node.
    /// @param total Sum of all leaves, base units.
    /// @param record Record that a declared total is bound to; 0: it is not declared.
    struct Proof {
        address publisher;
        uint48 blockNumber;
        uint48 publishedBlock;
        address voucher;
        uint32 count;
        uint32 openChallenges;
        bool disputed;
        bytes32 root;
        uint128 total;
        bytes32 record;
    }

    /// @param status See `StatementStatus`.
    /// @param lastBlock Last block in which a challenge can be answered, later by the blocks of an emergency pause.
    struct Statement {
        StatementStatus status;
        uint48 lastBlock;
    }

    event CustodyProven(
        bytes32 indexed id,
        address indexed exchange,
        address indexed voucher,
        uint48 blockNumber,
        MerkleSum.Commitment tree
    );
    event CustodyDeclared(
        bytes32 indexed id,
        address indexed publisher,
        bytes32 indexed record,
        uint48 blockNumber,
        MerkleSum.Commitment tree
    );
    /// @param statement Digest of the exchange's statement; 0: the tree's own order was shown to be wrong.
    event CustodyDisputed(bytes32 indexed id, bytes32 indexed statement);
    event CustodyChallenged(
        bytes32 indexed id,
        bytes32 indexed statement,
        bytes32 leafKey,
        uint256 amount,
        uint48 lastBlock
    );
    event CustodyChallengeAnswered(bytes32 indexed id, bytes32 indexed statement);

    error CustodyVoucherUnlisted(address voucher);
    error CustodyTreeMissing();
    error CustodyBlockTooOld(uint48 blockNumber, uint256 oldest);
    error CustodyTotalDiffers(uint256 total, uint256 balance);
    error CustodyRecordNotValid(bytes32 record);
    error CustodyProofExists(bytes32 id);
    error CustodyProofUnknown(bytes32 id);
    error CustodyDisputeTooLate(bytes32 id, uint256 lastBlock);
    error CustodyStatementInvalid(bytes32 id, bytes32 statement);
    error CustodyStatementWrongStatus(bytes32 id, bytes32 statement, StatementStatus status);
    /// @dev What was shown does not contradict the statement, or is not in the tree.
    error CustodyNotContradicted(bytes32 id);
    error CustodyAnswerWrong(bytes32 id);
    error CustodyAnswerTooLate(bytes32 statement, uint256 lastBlock);
    error CustodyAnswerDue(bytes32 statement, uint256 lastBlock);

    /// @notice Publishes what the calling exchange holds of a voucher for its users. Partners with the custody
    /// permission, once for each block, at most `MAX_AGE` blocks later; the custody account was open at that block.
    /// @param tree Its total must be the exchange's whole holding at the end of the block.
    /// @return id Identifier of the proof.
    function publish(
        IVoucher voucher,
        uint48 blockNumber,
        MerkleSum.Commitment calldata tree
    ) external returns (bytes32 id);

    /// @notice Publishes a total that a valid record of the caller's states, once for each record. The leaves hold for
    /// the end of the block before.
    /// @param digest Digest of the record, which says what the total is of.
    /// @param subject Subject of the record.
    /// @return id Identifier of the proof.
    function publishDeclared(
        bytes32 digest,
        bytes32 subject,
        MerkleSum.Commitment calldata tree
    ) external returns (bytes32 id);

    /// @notice Shows that the tree has a stated leaf with another amount. Anybody.
    /// @param amount Stated amount.
    /// @param signature Publisher's, over the statement.
    /// @param leaf The leaf as the tree has it.
    function disputeAmount(bytes32 id, uint256 amount, bytes calldata signature, MerkleSum.Leaf calldata leaf) external;

    /// @notice Shows that the tree has no leaf of a stated key. Anybody.
    /// @param amount Stated amount, not 0: a leaf without an amount may be left out.
    /// @param leaves Two neighbours with the key between them, or the first or last leaf with the key beyond it.
    function disputeAbsence(
        bytes32 id,
        bytes32 leafKey,
        uint256 amount,
        bytes calldata signature,
        MerkleSum.Leaf[] calldata leaves
    ) external;

    /// @notice Shows that the tree's leaves are not in ascending order of their keys, or that a key is there twice, so
    /// that what it says about absence is worth nothing. Anybody; no statement is needed.
    function disputeOrder(bytes32 id, MerkleSum.Leaf calldata earlier, MerkleSum.Leaf calldata later) external;

    /// @notice Asks the publisher to show a leaf that it stated, within `ANSWER_BLOCKS`. For those who were given no
    /// inclusion proof, and so have nothing to contradict the statement with. Anybody.
    /// @param amount Stated amount, not 0.
    function challenge(bytes32 id, bytes32 leafKey, uint256 amount, bytes calldata signature) external;

    /// @notice Shows the leaf that a challenge asked for. Anybody.
    function answer(bytes32 id, MerkleSum.Leaf calldata leaf) external;

    /// @notice Disputes a proof whose publisher did not answer a challenge in time. Anybody.
    function disputeSilence(bytes32 id, bytes32 statement) external;

    function verifyInclusion(bytes32 id, MerkleSum.Leaf calldata leaf) external view returns (bool);
    function verifyAbsence(bytes32 id, bytes32 leafKey, MerkleSum.Leaf[] calldata leaves) external view returns (bool);

    function proofId(address exchange, address voucher, uint48 blockNumber) external pure returns (bytes32);
    function declaredId(address publisher, bytes32 record) external pure returns (bytes32);
    function proofOf(bytes32 id) external view returns (Proof memory);
    /// @notice What to show of a proof: `Proven` only while nothing contradicts it and no challenge is open.
    function statusOf(bytes32 id) external view returns (Status);
    function statementOf(bytes32 id, bytes32 statement) external view returns (Statement memory);

    /// @notice EIP-712 digest that an exchange signs for a user: `CustodyStatement(address exchange,address voucher,
    /// uint48 blockNumber,bytes32 leafKey,uint256 amount)`.
    function statementDigest(
        address exchange,
        address voucher,
        uint48 blockNumber,
        bytes32 leafKey,
        uint256 amount
    ) external view returns (bytes32);

    /// @notice The same for a declared total: `DeclaredStatement(address publisher,bytes32 record,bytes32 leafKey,
    /// uint256 amount)`.
    function declaredStatementDigest(
        address publisher,
        bytes32 record,
        bytes32 leafKey,
        uint256 amount
    ) external view returns (bytes32);
}
