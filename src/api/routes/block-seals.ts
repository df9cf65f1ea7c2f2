import { LRUCache } from "lru-cache";
import { bytesToHex, hexToBytes } from "../../core/hex.ts";
import { invalidProof } from "../../core/proof-error.ts";
import { blockHash, type QbftHeader } from "../../core/qbft/header.ts";
import { quorumOf, recoverSealers } from "../../core/qbft/seals.ts";
import { sameBytes } from "../../core/rlp.ts";
import type { Database } from "../../store/database.ts";
import { type BlockRow, findBlock } from "../../store/queries/blocks.ts";
import { findValidators } from "../../store/queries/validators.ts";
import type { RouteContext } from "../context.ts";
import { toAddress, toHex } from "../format.ts";
import { found } from "../lookup.ts";
import { address, described, flag, hash, listOf, nullable, objectOf, oneOf, whole } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const STATES = ["sealed", "short", "unsealed", "unknown"] as const;
/** Recovering a seal takes about 2 ms: what was worked out is kept. */
const KEPT_BLOCKS = 1_000;

interface Seals {
  number: number;
  hash: string;
  state: (typeof STATES)[number];
  round: number | null;
  needed: number | null;
  validators: { address: string; sealed: boolean | null }[];
}

const schema = routeSchema({
  summary: "Who keeps the books at a block, and who of them sealed it",
  description:
    "The seals are those that this operator's node keeps: the same block can have others at other nodes. To trust " +
    "nobody, check a proof bundle instead.",
  access: "public",
  tag: "chain",
  params: { block: { type: "string", pattern: "^([0-9]{1,15}|0x[0-9a-fA-F]{64})$", description: "Number or hash" } },
  answer: objectOf({
    number: whole,
    hash,
    state: described(
      oneOf(STATES),
      "sealed: by a quorum; short: by fewer; unsealed: the blocks of this chain have no seals; unknown: this process " +
        "does not reach a node",
    ),
    round: nullable(described(whole, "Attempts that it took to agree on the block, from 0")),
    needed: nullable(described(whole, "Seals that are a quorum: two thirds of the validators, rounded up")),
    validators: listOf(
      objectOf({ address, sealed: nullable(described(flag, "Null: not known")) }),
      "Those whose turn it is to seal this block",
    ),
  }),
});

/** GET /blocks/:block/seals */
export const blockSealsRoute: AddRoute = (server, { db, header }) => {
  const kept = new LRUCache<string, Seals>({ max: KEPT_BLOCKS });
  server.get<{ Params: { block: string } }>("/blocks/:block/seals", { schema }, async ({ params }) => {
    const which = params.block.startsWith("0x") ? hexToBytes(params.block) : Number(params.block);
    const block = found(await findBlock(db, which), "block", params.block);
    const known = kept.get(toHex(block.hash));
    if (known !== undefined) return known;
    const seals = await sealsOf(db, block, header);
    if (seals.state !== "unknown") kept.set(seals.hash, seals);
    return seals;
  });
};

async function sealsOf(db: Database, block: BlockRow, header: RouteContext["header"]): Promise<Seals> {
  // A change that a block makes counts from the block after it.
  const rows = await findValidators(db, Math.max(block.number - 1, 0));
  const addresses = rows.map(({ validator }) => toAddress(validator));
  const base = { number: block.number, hash: toHex(block.hash), round: null, needed: null };
  const unsaid = addresses.map((address) => ({ address, sealed: null }));
  if (header === undefined) return { ...base, state: "unknown", validators: unsaid };
  const read = await header(block.number);
  // Nobody seals the first block: it is the agreement to begin with.
  if (read === undefined || block.number === 0) return { ...base, state: "unsealed", validators: unsaid };
  return { ...base, ...judge(read, block, addresses) };
}

function judge(header: QbftHeader, block: BlockRow, addresses: readonly string[]) {
  if (!sameBytes(blockHash(header), block.hash)) {
    throw invalidProof("header", `is not that of block ${bytesToHex(block.hash)}`);
  }
  const sealers = new Set(recoverSealers(header));
  const validators = addresses.map((address) => ({ address, sealed: sealers.has(address.toLowerCase()) }));
  const needed = quorumOf(addresses.length);
  const count = validators.filter(({ sealed }) => sealed).length;
  const state: Seals["state"] = addresses.length > 0 && count >= needed ? "sealed" : "short";
  return { state, round: header.extraData.round, needed, validators };
}
