import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { GenesisAllocation } from "../chain/dev-chain.ts";
import { genesisAllocation } from "../chain/genesis/allocation.node.ts";
import { BropError } from "../core/errors.ts";
import type { Participants } from "./development-keys.ts";

/** What the development network was founded with; block 0 follows from it. */
export interface Genesis extends Participants {
  chainId: number;
  allocation: GenesisAllocation;
}

/**
 * Reads the genesis of a data folder; undefined when no network was founded in it yet.
 *
 * @throws BropError `data.damaged`; `chain.wrong` when the folder belongs to another chain id
 */
export function readGenesis(path: string, chainId: number): Genesis | undefined {
  if (!existsSync(path)) return undefined;
  const genesis = parse(path);
  if (genesis.chainId !== chainId) {
    throw new BropError(
      "chain.wrong",
      { path, chainId: genesis.chainId, expectedChainId: chainId },
      `The data folder was made for chain ${genesis.chainId}, and chain ${chainId} is asked for: ` +
        "choose another folder with --data, or the chain with --chain-id",
    );
  }
  return genesis;
}

/** Works out the allocation of block 0 and keeps it: block 0 never changes, whatever later versions would make of it. */
export async function foundNetwork(path: string, chainId: number, participants: Participants): Promise<Genesis> {
  const genesis = { chainId, ...participants, allocation: await genesisAllocation({ chainId, ...participants }) };
  const beside = `${path}.writing`;
  const file = openSync(beside, "w");
  try {
    writeFileSync(file, `${JSON.stringify(genesis, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
  return genesis;
}

/** @throws BropError `data.damaged` when the keys are not those that the network was founded with */
export function requireSameParticipants(path: string, genesis: Genesis, found: Participants): void {
  const wanted = [genesis.operator, ...genesis.seats, ...genesis.relays];
  if (wanted.join() === [found.operator, ...found.seats, ...found.relays].join()) return;
  throw damaged(path, "the keys in the data folder are not those that the network was founded with");
}

function parse(path: string): Genesis {
  let genesis: Partial<Genesis> | null;
  try {
    genesis = JSON.parse(readFileSync(path, "utf8")) as Partial<Genesis> | null;
  } catch (cause) {
    throw damaged(path, cause instanceof Error ? cause.message : String(cause));
  }
  const { chainId, operator, seats, relays, allocation } = genesis ?? {};
  const whole =
    Number.isSafeInteger(chainId) &&
    typeof operator === "string" &&
    Array.isArray(seats) &&
    Array.isArray(relays) &&
    typeof allocation === "object" &&
    allocation !== null;
  if (!whole) throw damaged(path, "a member is missing");
  return genesis as Genesis;
}

function damaged(path: string, reason: string): BropError {
  return new BropError("data.damaged", { path, reason }, `The data folder is damaged: ${path}: ${reason}`);
}
