import { getAddress } from "ethers";
import { BropError } from "../../../core/errors.ts";
import { bytesToHex } from "../../../core/hex.ts";
import { MAX_DEADLINE_DISTANCE } from "../../../core/serial.ts";
import type { Database } from "../../../store/database.ts";
import type { Terms } from "../../../uplink/form.ts";
import { accountAddress } from "../../lookup.ts";
import { given, parametersOf, type Schema } from "../../schema.ts";

const SERIAL = "^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$";
const GAS = "^(0x[0-9a-fA-F]{1,16}|[0-9]{1,18})$";
const gas = (description: string): Schema => ({ type: "string", pattern: GAS, description });
const LONGEST_SIGNATURE = 20_000;

/** Members that every form has. */
export const termsSchema = {
  account: given.account("Account that acts"),
  deadlineBlocks: {
    type: "integer",
    minimum: 1,
    maximum: MAX_DEADLINE_DISTANCE,
    description: "Blocks from now until it can no longer be included; 200 by default",
  },
  nonce: {
    type: "string",
    pattern: SERIAL,
    description: "Random serial with a deadline, as SDK's `encodeSerial` makes it; made here by default",
  },
  gas: {
    ...parametersOf({
      callGasLimit: gas("Gas of the calls"),
      verificationGasLimit: gas("Gas of the account's validation"),
      preVerificationGas: gas("As ERC-4337 has it; nothing is paid for it"),
    }),
    description: "Limits; those that are left out are known or estimated here",
  },
  signature: {
    type: "string",
    pattern: "^0x([0-9a-fA-F]{2})+$",
    maxLength: LONGEST_SIGNATURE,
    description:
      "Of the operation's hash. Needs `nonce` and all of `gas`. Without it the operation is prepared for signing",
  },
} as const satisfies Record<string, Schema>;

/** What every form's body may have. */
export interface TermsBody {
  account: string;
  deadlineBlocks?: number;
  nonce?: string;
  gas?: { callGasLimit?: string; verificationGasLimit?: string; preVerificationGas?: string };
  signature?: string;
}

/** @throws BropError `request.invalid`; `identifier.invalid`, `resource.not-found` for an account ID that is none */
export async function termsOf(db: Database, body: TermsBody): Promise<Terms> {
  const { account, deadlineBlocks, nonce, gas = {}, signature } = body;
  if (nonce !== undefined && deadlineBlocks !== undefined) {
    throw new BropError("request.invalid", { field: "deadlineBlocks", reason: "the nonce says the deadline" });
  }
  return {
    account: getAddress(bytesToHex(await accountAddress(db, account))),
    deadlineBlocks,
    nonce: orUndefined(nonce),
    gas: {
      callGasLimit: orUndefined(gas.callGasLimit),
      verificationGasLimit: orUndefined(gas.verificationGasLimit),
      preVerificationGas: orUndefined(gas.preVerificationGas),
    },
    signature: signature?.toLowerCase(),
  };
}

const orUndefined = (digits: string | undefined) => (digits === undefined ? undefined : BigInt(digits));
