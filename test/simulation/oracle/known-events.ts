import { Interface, type LogDescription, type ParamType } from "ethers";
import { abi } from "../../../generated/abi.ts";
import type { RpcLog } from "../../../src/indexer/chain-reader.ts";
import type { Contract } from "../../indexer/fake-chain.ts";

const interfaces = new Map<Contract, Interface>();

/** A log read with ethers: independent of the platform's decoders. */
export function parseLog(contract: Contract, log: RpcLog): LogDescription | undefined {
  let face = interfaces.get(contract);
  if (face === undefined) {
    face = new Interface(abi[contract]);
    interfaces.set(contract, face);
  }
  return face.parseLog(log) ?? undefined;
}

/** What subscribers call the events that the simulation makes; an event without a name here is told to nobody. */
export const EVENT_TYPES: Readonly<Record<string, string>> = {
  "EntryPoint.BeforeExecution": "entry-point.before-execution",
  "EntryPoint.UserOperationEvent": "operation.included",
  "EntryPoint.UserOperationRevertReason": "entry-point.user-operation-revert-reason",
  "Quota.Charged": "quota.charged",
  "Directory.ContractRegistered": "directory.contract-registered",
  "AccountFactory.AccountCreated": "account-factory.account-created",
  "Account.SignerChanged": "account.signer-changed",
  "Certifications.LevelSet": "certifications.level-set",
  "Certifications.Certified": "certifications.certified",
  "Certifications.CertificationSuspended": "certifications.certification-suspended",
  "Certifications.CertificationResumed": "certifications.certification-resumed",
  "Records.Recorded": "records.recorded",
  "Records.RecordRevoked": "records.record-revoked",
  "Records.ObjectOpened": "records.object-opened",
  "Records.Linked": "records.linked",
  "VoucherFactory.VoucherApplied": "voucher-factory.voucher-applied",
  "VoucherFactory.VoucherCreated": "voucher-factory.voucher-created",
  "Voucher.TransferSingle": "voucher.transfer-single",
  "Voucher.Allocated": "voucher.allocated",
};

/** Arguments as JSON tells them: numbers of more than 48 bits as digits, addresses in lower case. */
export function asJson(type: ParamType, value: unknown): unknown {
  if (type.arrayChildren !== null) {
    const children = type.arrayChildren;
    return [...(value as unknown[])].map((item) => asJson(children, item));
  }
  if (type.components !== null) {
    const parts = type.components;
    return Object.fromEntries(parts.map((part, index) => [part.name, asJson(part, (value as unknown[])[index])]));
  }
  if (typeof value === "bigint") return Number(/\d+$/.exec(type.type)?.[0]) <= 48 ? Number(value) : String(value);
  return type.type === "address" ? String(value).toLowerCase() : value;
}
