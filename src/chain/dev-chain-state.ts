import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { BropError } from "../core/errors.ts";
import type { RpcClient } from "./rpc-client.ts";

const LOOK_EVERY = 200;
/** Saving may take at most this share of the time, however large the chain grows. */
const GREATEST_SHARE = 0.15;

/**
 * The development chain on disk: what `anvil_dumpState` answers, gzip and all. It is replaced as a whole (written
 * beside, flushed, renamed), so that it is complete after any kind of end.
 */
export class ChainStateFile {
  readonly #path: string;
  readonly #rpc: RpcClient;
  #savedHead = "";
  #timer: NodeJS.Timeout | undefined;
  #halted = false;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(path: string, rpc: RpcClient) {
    this.#path = path;
    this.#rpc = rpc;
  }

  /**
   * The state as the JSON text that anvil loads.
   * @throws BropError `data.damaged`
   */
  static read(path: string): Uint8Array {
    try {
      return withOneGenesis(gunzipSync(readFileSync(path)));
    } catch (cause) {
      throw ChainStateFile.damaged(path, cause instanceof Error ? cause.message : String(cause));
    }
  }

  static damaged(path: string, reason: string): BropError {
    return new BropError("data.damaged", { path, reason: reason.slice(0, 300) });
  }

  /** Writes the state if there is a block that it does not have yet. */
  async save(): Promise<void> {
    const head = await this.#rpc.call<string>("eth_blockNumber");
    if (head === this.#savedHead) return;
    const state = await this.#rpc.call<string>("anvil_dumpState");
    // A block in between could have left the dump with its state but without the block: then the next look saves.
    if ((await this.#rpc.call("eth_blockNumber")) !== head) return;
    replaceFile(this.#path, Buffer.from(state.slice(2), "hex"));
    this.#savedHead = head;
  }

  /** Saves after each new block from now on. */
  follow(): void {
    if (this.#halted) return;
    const began = performance.now();
    this.#saving = this.save()
      // A chain that does not answer is reported by its supervisor; the next look tries again.
      .catch(() => undefined)
      .then(() => {
        if (this.#halted) return;
        const pause = Math.max(LOOK_EVERY, (performance.now() - began) * (1 / GREATEST_SHARE - 1));
        this.#timer = setTimeout(() => this.follow(), pause);
      });
  }

  /** Stops following and writes the last state. */
  async finish(): Promise<void> {
    this.halt();
    await this.#saving;
    await this.save();
  }

  halt(): void {
    this.#halted = true;
    clearTimeout(this.#timer);
  }
}

interface ChainState {
  blocks?: { header: { number: string; timestamp: string } }[];
}

/**
 * Before it loads a state, anvil makes a block 0 of its own and keeps it beside the loaded one: the next load would
 * take either of them. The true one is the oldest.
 */
function withOneGenesis(text: Uint8Array): Uint8Array {
  const state = JSON.parse(new TextDecoder().decode(text)) as ChainState;
  const blocks = state.blocks ?? [];
  const genesisTimes = blocks.filter(isGenesis).map(({ header }) => Number(header.timestamp));
  if (genesisTimes.length < 2) return text;
  const first = Math.min(...genesisTimes);
  const kept = blocks.filter((block) => !isGenesis(block) || Number(block.header.timestamp) === first);
  return new TextEncoder().encode(JSON.stringify({ ...state, blocks: kept }));
}

const isGenesis = ({ header }: { header: { number: string } }) => Number(header.number) === 0;

function replaceFile(path: string, content: Uint8Array): void {
  const beside = `${path}.writing`;
  const file = openSync(beside, "w");
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}
