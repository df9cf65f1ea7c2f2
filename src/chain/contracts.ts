import { Contract, type ContractRunner, type InterfaceAbi } from "ethers";
import { abi } from "../../generated/abi.ts";
import type { AccessManager } from "../../generated/contracts/@openzeppelin/contracts/access/manager/AccessManager.ts";
import type { Account } from "../../generated/contracts/contracts/account/Account.ts";
import type { AccountFactory } from "../../generated/contracts/contracts/account/AccountFactory.ts";
import type { BatchAnchors } from "../../generated/contracts/contracts/evidence/BatchAnchors.ts";
import type { Records } from "../../generated/contracts/contracts/evidence/Records.ts";
import type { Admission } from "../../generated/contracts/contracts/governance/Admission.ts";
import type { Council } from "../../generated/contracts/contracts/governance/Council.ts";
import type { Directory } from "../../generated/contracts/contracts/governance/Directory.ts";
import type { LegalDocuments } from "../../generated/contracts/contracts/governance/LegalDocuments.ts";
import type { Orders } from "../../generated/contracts/contracts/governance/Orders.ts";
import type { ValidatorSet } from "../../generated/contracts/contracts/governance/ValidatorSet.ts";
import type { Certifications } from "../../generated/contracts/contracts/identity/Certifications.ts";
import type { Partners } from "../../generated/contracts/contracts/identity/Partners.ts";
import type { Quota } from "../../generated/contracts/contracts/quota/Quota.ts";
import type { Voucher } from "../../generated/contracts/contracts/voucher/Voucher.ts";
import type { VoucherFactory } from "../../generated/contracts/contracts/voucher/VoucherFactory.ts";

export type { Account, Records, Voucher };

/** The contracts that Directory lists by name, with their types. */
export interface Contracts {
  readonly directory: Directory;
  readonly accessManager: AccessManager;
  readonly council: Council;
  readonly admission: Admission;
  readonly quota: Quota;
  readonly validatorSet: ValidatorSet;
  readonly legalDocuments: LegalDocuments;
  readonly orders: Orders;
  readonly partners: Partners;
  readonly accountFactory: AccountFactory;
  readonly certifications: Certifications;
  readonly records: Records;
  readonly batchAnchors: BatchAnchors;
  readonly voucherFactory: VoucherFactory;
}

export type ContractName = keyof Contracts;

/** Names in Directory. */
export const DIRECTORY_NAMES = {
  directory: "Directory",
  accessManager: "AccessManager",
  council: "Council",
  admission: "Admission",
  quota: "Quota",
  validatorSet: "ValidatorSet",
  legalDocuments: "LegalDocuments",
  orders: "Orders",
  partners: "Partners",
  accountFactory: "AccountFactory",
  certifications: "Certifications",
  records: "Records",
  batchAnchors: "BatchAnchors",
  voucherFactory: "VoucherFactory",
} as const satisfies Record<ContractName, keyof typeof abi>;

export type ContractAddresses = Readonly<Record<ContractName, string>>;

/** Typed ethers contracts at the given addresses. Each is made when it is first asked for. */
export function contractsAt(addresses: ContractAddresses, runner: ContractRunner): Contracts {
  const contracts = {} as Contracts;
  for (const name of Object.keys(DIRECTORY_NAMES) as ContractName[]) {
    let made: unknown;
    Object.defineProperty(contracts, name, {
      enumerable: true,
      get: () => {
        made ??= contractAt(DIRECTORY_NAMES[name], addresses[name], runner);
        return made;
      },
    });
  }
  return contracts;
}

/** A voucher's contract. Its address is checked by `VoucherFactory.isVoucher`, not here. */
export function voucherAt(address: string, runner: ContractRunner): Voucher {
  return contractAt("Voucher", address, runner) as unknown as Voucher;
}

/** An account's own functions: signer, ERC-1271 signatures. */
export function accountAt(address: string, runner: ContractRunner): Account {
  return contractAt("Account", address, runner) as unknown as Account;
}

function contractAt(name: keyof typeof abi, address: string, runner: ContractRunner): Contract {
  return new Contract(address, abi[name] as InterfaceAbi, runner);
}
