import { Wallet } from "ethers";
import { type AccessNode, createAccessNode } from "../../../src/access/access-node.ts";
import { createIndexer } from "../../../src/indexer/indexer.ts";
import type { Indexer } from "../../../src/indexer/indexer-options.ts";
import { EventReader } from "../../../src/push/event-reader.ts";
import { Push } from "../../../src/push/push.ts";
import type { Database } from "../../../src/store/database.ts";
import { IndexedOperationEnds } from "../../../src/uplink/indexed-ends.ts";
import type { Relay } from "../../../src/uplink/relay.ts";
import { Submissions } from "../../../src/uplink/submissions.ts";
import { Uplink } from "../../../src/uplink/uplink.ts";
import type { ConsortiumChain } from "../chain/consortium-chain.ts";
import { CHAIN_ID } from "../chain/entry-point.ts";
import { connectNode } from "../chain/simulated-node.ts";
import type { Receivers } from "./receivers.ts";
import type { SimulatedDatabase } from "./simulated-database.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

export const RELAY = new Wallet(`0x${"5e".repeat(32)}`);

export type Part = "indexer" | "push" | "access" | "uplink";

/** The parts of a process that has started. */
export interface Running {
  db: Database;
  process: SimulatedProcess;
  indexer?: Indexer;
  push?: Push;
  reader?: EventReader;
  access?: AccessNode;
  uplink?: Uplink;
  submissions?: Submissions;
}

export interface Surroundings {
  world: World;
  chain: ConsortiumChain;
  database: SimulatedDatabase;
  receivers: Receivers;
  /** The relays that a process with the uplink may turn to. */
  relays: (process: SimulatedProcess) => Relay[];
}

/** Milliseconds between two looks, larger than in production: each look costs the simulation as much as work. */
const POLL = 900;

/** A machine on which a process with parts of the platform runs; one that ended is started again, as a supervisor does. */
export class PlatformMachine {
  readonly name: string;
  readonly #parts: ReadonlySet<Part>;
  readonly #around: Surroundings;
  #running: Running | undefined;
  #starts = 0;
  #stopped = false;
  /** Milliseconds by which the machine's clock is wrong. */
  clockError = 0;

  constructor(name: string, parts: readonly Part[], around: Surroundings) {
    this.name = name;
    this.#parts = new Set(parts);
    this.#around = around;
  }

  /** The process, once all of its parts have started. */
  get running(): Running | undefined {
    return this.#running?.process.alive === true ? this.#running : undefined;
  }

  has(part: Part): boolean {
    return this.#parts.has(part);
  }

  start(): void {
    const { world } = this.#around;
    const process = new SimulatedProcess(`${this.name}#${++this.#starts}`, world, () => this.clockError);
    process.onKill(() => {
      if (this.#stopped) return;
      world.time.after(world.random.integer(100, 4_000), () => this.start());
    });
    this.#begin(process).then(
      (running) => {
        world.say(`${process.name}: started`);
        this.#running = running;
      },
      (error: Error) => {
        world.say(`${process.name}: did not start: ${error.message}`);
        world.count("failed starts");
        void process.kill();
      },
    );
  }

  /** Stops the process as an operator does, and does not start it again. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const running = this.running;
    if (running === undefined) return;
    await running.uplink?.stop();
    await running.indexer?.stop();
    await running.access?.stop();
    await running.push?.stop();
    await running.reader?.stop();
    this.#running = undefined;
  }

  async #begin(process: SimulatedProcess): Promise<Running> {
    const { chain, database, receivers, world } = this.#around;
    const { clock } = process;
    const db = database.connect(process);
    const rpc = connectNode(chain, process);
    const running: Running = { db, process };
    if (this.#parts.has("push")) {
      const random = () => world.random.next();
      const push = new Push({
        ...{ db, chainId: CHAIN_ID, clock, random, pollInterval: POLL },
        poster: receivers.poster(process),
      });
      const reader = new EventReader(db, clock, POLL);
      await reader.start();
      await push.start();
      Object.assign(running, { push, reader });
    }
    if (this.#parts.has("indexer")) {
      const onIndexed = () => {
        running.push?.nudge();
        running.reader?.nudge();
        running.uplink?.nudge();
      };
      const indexer = createIndexer({ rpc, db, clock, onIndexed, pollInterval: POLL });
      await indexer.start();
      running.indexer = indexer;
      // What trying again does not mend ends the process; its supervisor starts it again.
      indexer.caughtUp(Number.MAX_SAFE_INTEGER).catch(() => {
        if (!this.#stopped) void process.kill();
      });
    }
    if (this.#parts.has("access")) {
      const access = await createAccessNode({ rpc, db, relayKey: RELAY.privateKey, clock });
      await access.start();
      running.access = access;
    }
    if (this.#parts.has("uplink")) {
      const head = async () => Number(await rpc.call<string>("eth_blockNumber"));
      const random = () => world.random.next();
      const relays = this.#around.relays(process);
      const ends = new IndexedOperationEnds(db);
      running.submissions = new Submissions({ db, rpc, chainId: CHAIN_ID, clock });
      running.uplink = new Uplink({ db, relays, ends, head, clock, random, pollInterval: POLL });
      running.uplink.start();
    }
    return running;
  }
}
