// What partner applications import: `import { connect } from "brop/sdk"`. Runs in Node and in browsers.

export { decodeContractError, errorFromRevert } from "../chain/contract-errors.ts";
export { accountAt, type Contracts, type Voucher } from "../chain/contracts.ts";
export type { RelayFault, RelayFaultKind } from "../chain/relays/relay.ts";
export type { ProvenReceipt } from "../chain/sealed-chain.ts";
export { type AccountName, accountName, NAME_KINDS, type NameKind, nameSkeletons } from "../core/account-name.ts";
export type { Bundle } from "../core/bundle/bundle.ts";
export { readBundle } from "../core/bundle/read-bundle.ts";
export { BUNDLE_REASONS, BundleFault, type BundleReason } from "../core/bundle/reasons.ts";
export { BUNDLE_SCHEMA } from "../core/bundle/schema.ts";
export type { Statement, StatementName, StatementState, Verdict } from "../core/bundle/verdict.ts";
export { type VerifyOptions, verifyBundle, verifyBundleText } from "../core/bundle/verify-bundle.ts";
export {
  createDigest,
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  type DigestOptions,
  type DigestSource,
  digestAlgorithmOf,
  digestBytes,
  digestStream,
} from "../core/digest.ts";
export { BropError, ERRORS, type ErrorCode } from "../core/errors.ts";
export { bytesToHex, hexToBytes } from "../core/hex.ts";
export {
  LEVELS,
  type Level,
  type LevelName,
  levelName,
  levelNumber,
  PARTNER_PERMISSIONS,
  type PartnerPermission,
  permissionBits,
  permissionNames,
} from "../core/levels.ts";
export {
  type Checkpoint,
  type GenesisDescription,
  readTrust,
  type Trust,
  type TrustDescription,
} from "../core/qbft/trust.ts";
export type { Receipt, ReceiptLog } from "../core/receipt.ts";
export { type ReceiptProof, readReceiptProof } from "../core/receipt-proof.ts";
export { objectId, recordId } from "../core/record-id.ts";
export {
  businessKeyDigest,
  createRecordInput,
  type RecordDescription,
  type RecordInput,
} from "../core/record-input.ts";
export { decodeSerial, encodeSerial, MAX_DEADLINE_DISTANCE } from "../core/serial.ts";
export { ENTRY_POINT, type UserOperation, userOperationHash } from "../core/user-operation.ts";
export { Account, type AccountCall, type OperationOptions } from "./account.ts";
export { type AnchoredOptions, Batches, type HandOverOptions } from "./batches/batches.ts";
export type * from "./batches/shapes.ts";
export { type AnchorSigner, signAnchor } from "./batches/sign-anchor.ts";
export { type BundleOptions, fetchBundle } from "./bundles.ts";
export { Brop, type ConnectOptions, connect, type RelayConnectOptions } from "./connect.ts";
export { type EpcisRecord, epcisRecords } from "./epcis.ts";
export { bropErrorFrom } from "./errors.ts";
export { type Certified, type DigestVerification, type Evidence, type RecordStatus, verifyDigest } from "./evidence.ts";
export { createFileKey, decryptFile, encryptFile, type FileKey, type SizedStream } from "./files/encryption.ts";
export { Files, type FileUsage, type HostedFile, type PutOptions } from "./files/files.ts";
export * from "./onboarding.ts";
export { OperationResponse } from "./operation-response.ts";
export type { HashSigner, Owner } from "./owner.ts";
export { patiently } from "./patience.ts";
export { BropProvider } from "./provider.ts";
export type { ApiAccess } from "./requests.ts";
export {
  type ChainFault,
  type ChainFaultCode,
  checkChain,
  type Timeline,
  type TimelineLink,
  timeline,
} from "./timeline.ts";
export {
  type ComparedLink,
  compareDocuments,
  type DocumentFault,
  type DocumentFaultCode,
  type HandedDocument,
  type TimelineVerification,
  verifyTimeline,
} from "./verify-timeline.ts";
