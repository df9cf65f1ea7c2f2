import { dataSlice, encodeBytes32String, hashMessage, Interface, recoverAddress, ZeroAddress } from "ethers";
import { abi } from "../../../generated/abi.ts";
import type { NodeRpc } from "../../chain/rpc-client.ts";
import { SYSTEM_ADDRESSES } from "../../chain/system-addresses.ts";
import { hexLength } from "../../core/hex.ts";
import type { Role } from "../access/principal.ts";

/** What was signed, and by whom it is said to be. */
export interface Signed {
  account: string;
  /** ERC-191 hash of the message. */
  messageHash: string;
  signature: string;
}

const OPERATOR = 1;
const REGULATOR = 3;
/** Gas of one question to an account: enough for a signer of many keys. */
const GAS = "0x989680";
const VALID = `0x1626ba7e${"0".repeat(56)}`;

/** Half the order of secp256k1. */
const GREATEST_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

const account = new Interface(abi.Account);
const accessManager = new Interface(abi.AccessManager);
const council = new Interface(abi.Council);
const validatorSet = new Interface(abi.ValidatorSet);
const directory = new Interface(abi.Directory);
const partners = new Interface(abi.Partners);

export const hashOfMessage = (message: string): string => hashMessage(message);

/**
 * What the chain says now about who signed: their role, or undefined when the signature is not (or no longer) theirs.
 * An account's contract judges its signature itself (ERC-1271), so that a signer that was changed counts at once; an
 * address without code has signed with its own key.
 *
 * @throws BropError `chain.unreachable`
 */
export async function standingOf(rpc: NodeRpc, signed: Signed): Promise<Role | undefined> {
  const hasRole = (role: number) => accessManager.encodeFunctionData("hasRole", [role, signed.account]);
  const asked = [signed.messageHash, signed.signature];
  const [code, verdict, operator, regulator, seat, nodes, partnersAt] = await rpc.batch([
    { method: "eth_getCode", params: [signed.account, "latest"] },
    call(signed.account, account.encodeFunctionData("isValidSignature", asked)),
    call(SYSTEM_ADDRESSES.AccessManager, hasRole(OPERATOR)),
    call(SYSTEM_ADDRESSES.AccessManager, hasRole(REGULATOR)),
    call(SYSTEM_ADDRESSES.Council, council.encodeFunctionData("isSeat", [signed.account])),
    call(SYSTEM_ADDRESSES.ValidatorSet, validatorSet.encodeFunctionData("getValidators")),
    call(SYSTEM_ADDRESSES.Directory, directory.encodeFunctionData("addressOf", [encodeBytes32String("Partners")])),
  ]);
  const valid = code === "0x" ? isRecovered(signed) : verdict === VALID;
  if (!valid) return undefined;
  if (read(accessManager, "hasRole", operator) === true) return "operator";
  if (read(accessManager, "hasRole", regulator) === true) return "regulator";
  if (read(council, "isSeat", seat) === true) return "bookkeeper";
  if ((read(validatorSet, "getValidators", nodes) as string[] | undefined)?.includes(signed.account))
    return "bookkeeper";
  const place = read(directory, "addressOf", partnersAt) as string | undefined;
  if (place === undefined || place === ZeroAddress) return "public";
  const [admitted] = await rpc.batch([call(place, partners.encodeFunctionData("isAdmitted", [signed.account]))]);
  return read(partners, "isAdmitted", admitted) === true ? "partner" : "public";
}

function call(to: string, data: string) {
  return { method: "eth_call", params: [{ to, data, gas: GAS }, "latest"] };
}

/** The first value of an answer; undefined where the node answered with an error. */
function read(contract: Interface, name: string, answer: unknown): unknown {
  if (typeof answer !== "string" || answer === "0x") return undefined;
  return contract.decodeFunctionResult(name, answer)[0];
}

/** As OpenZeppelin's ECDSA does it: 65 bytes, and of the two forms of a signature the one with the lower s. */
function isRecovered({ account: address, messageHash, signature }: Signed): boolean {
  const s = hexLength(signature) === 65 ? BigInt(dataSlice(signature, 32, 64)) : GREATEST_S + 1n;
  if (s > GREATEST_S) return false;
  try {
    return recoverAddress(messageHash, signature) === address;
  } catch {
    return false;
  }
}
