import { BropError } from "../core/errors.ts";
import { headerFromRpc, QBFT_MIX_HASH, type QbftHeader } from "../core/qbft/header.ts";
import { membersOf } from "../core/rpc-values.ts";
import type { Ask } from "./relays/relay.ts";

/**
 * The header of a block with its seals, as a node says; whether they are those of a quorum is `checkSeals`' to judge.
 *
 * @returns undefined on a chain whose blocks are not sealed (no QBFT)
 * @throws BropError `proof.invalid` when the node has no such block, or what it says is no header
 */
export async function readSealedHeader(ask: Ask, number: number): Promise<QbftHeader | undefined> {
  const block = await ask("eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);
  if (block === null) throw new BropError("proof.invalid", { part: "block", reason: "is not there" });
  return membersOf(block, "block").mixHash === QBFT_MIX_HASH ? headerFromRpc(block) : undefined;
}
