import { writeFile } from "node:fs/promises";
import { getAddress, Interface, verifyMessage } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { ROLES } from "../../chain/genesis/parameters.ts";
import { SYSTEM_ADDRESSES } from "../../chain/system-addresses.ts";
import { BropError } from "../../core/errors.ts";
import { rotateOperator } from "../../network/proposals.ts";
import { bropErrorFrom } from "../../sdk/index.ts";
import type { Session } from "../session.ts";

const manager = new Interface(abi.AccessManager);
/** `IAdmission.Kind.Operator`. */
const OPERATOR = 1n;

/**
 * Writes the proposal that puts another key into the operator's place. The new key signs the proposal's title first: a
 * place given to a key that nobody has would be lost until Council's next decision.
 */
export async function rotate(session: Session, typed: { to: string; from?: string; out: string }): Promise<void> {
  const from = typed.from === undefined ? (await session.operator()).address : checked(typed.from);
  const successor = await session.signer(typed.to);
  const to = await successor.getAddress();
  if (to === from) throw new BropError("request.invalid", { field: "--to", reason: "is the key of today", value: to });
  const proposal = rotateOperator(from, to, await standingOf(session, from, to));
  const signature = await successor.signMessage(proposal.title);
  if (verifyMessage(proposal.title, signature) !== to) {
    throw new BropError("signer.wrong-signature", { address: to, reason: "it is of another key or over other bytes" });
  }
  const content = `${JSON.stringify({ ...proposal, possession: { address: to, signature } }, null, 2)}\n`;
  try {
    await writeFile(typed.out, content, { flag: "wx" });
  } catch (error) {
    throw BropError.from(error);
  }
  const { calls } = proposal;
  session.output.result({ from, to, file: typed.out, calls }, (paint) =>
    [
      `${paint.green("✓")} ${typed.out}: ${to} takes the place of ${from}, when Council has agreed`,
      `  brop council propose ${typed.out} --as SEAT`,
    ].join("\n"),
  );
}

/** What the operator's key of today holds. */
async function standingOf(session: Session, from: string, to: string) {
  const { contracts, provider } = await session.brop();
  const hasRole = async (role: bigint, holder: string): Promise<boolean> => {
    const data = manager.encodeFunctionData("hasRole", [role, holder]);
    const answer = await provider.call({ to: SYSTEM_ADDRESSES.AccessManager, data });
    return manager.decodeFunctionResult("hasRole", answer)[0];
  };
  try {
    const [sender, successor] = await Promise.all([
      contracts.admission.senderOf(from),
      contracts.admission.senderOf(to),
    ]);
    const known = [ROLES.operator, ROLES.admission];
    const held = await Promise.all(known.map((role) => hasRole(role, from)));
    if (sender.kind !== OPERATOR || !held[0]) {
      const reason = "it is not the operator's address on this network";
      throw new BropError("request.invalid", { field: "--from", reason, value: from });
    }
    if (successor.kind !== 0n) {
      const reason = "it has a part already: use a key for one part only";
      throw new BropError("request.invalid", { field: "--to", reason, value: to });
    }
    return { roles: known.filter((_, at) => held[at]), allowance: sender.allowance };
  } catch (error) {
    throw bropErrorFrom(error);
  }
}

function checked(address: string): string {
  try {
    return getAddress(address);
  } catch {
    throw new BropError("request.invalid", { field: "--from", reason: "its check digits are wrong", value: address });
  }
}
