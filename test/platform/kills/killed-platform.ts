import { setTimeout as sleep } from "node:timers/promises";
import type { ReadyLine } from "../../../src/platform/welcome.ts";
import { launchPlatform, type PlatformProcess, untilReady } from "../support/platform-process.ts";

/** How a killed platform is started again. */
export interface KilledOptions {
  data: string;
  /** The chain in a process of its own; undefined: the platform's own chain is killed with it. */
  rpcUrl: string | undefined;
  databaseUrl: string | undefined;
}

/** A platform that is killed again and again with everything that belongs to it. */
export class KilledPlatform {
  kills = 0;
  readonly #options: KilledOptions;
  #process: PlatformProcess | undefined;
  #ready: ReadyLine | undefined;

  constructor(options: KilledOptions) {
    this.#options = options;
  }

  /** Where it answers; undefined while it is away. */
  get url(): string | undefined {
    return this.#ready?.url;
  }

  async start(): Promise<ReadyLine> {
    this.#process = this.#launch();
    this.#ready = await untilReady(this.#process);
    return this.#ready;
  }

  /** Kills it at some moment while it works. */
  async killWhileWorking(milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    await this.#kill();
  }

  /** Starts it and kills it at some moment of the start, or soon after. */
  async killWhileStarting(milliseconds: number): Promise<void> {
    this.#process = this.#launch();
    await sleep(milliseconds);
    await this.#kill();
  }

  async stop(): Promise<void> {
    this.#ready = undefined;
    this.#process?.signal("SIGTERM");
    await this.#process?.exit;
  }

  #launch(): PlatformProcess {
    const { data, rpcUrl, databaseUrl } = this.#options;
    const environment = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
    return launchPlatform({ data, ...(rpcUrl === undefined ? {} : { rpcUrl }) }, environment);
  }

  async #kill(): Promise<void> {
    this.#ready = undefined;
    this.kills++;
    await this.#process?.kill();
  }
}
