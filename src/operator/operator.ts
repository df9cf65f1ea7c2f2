import type { NodeRpc } from "../chain/rpc-client.ts";
import type { TransactionSigner } from "../chain/signing/transaction-signer.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { type Logger, silentLogger } from "../core/logger.ts";
import { bropErrorFrom } from "../sdk/index.ts";
import type { Database } from "../store/database.ts";
import { KeyLease } from "../store/key-lease.ts";
import { type ActRow, actsToAdvance, endAct, planAct, troubleAct } from "../store/queries/operator/acts.ts";
import { transactionsOf } from "../store/queries/operator/transactions.ts";
import type { ActContext, ActKind, AnyActKind, Step } from "./act-kind.ts";
import { ACT_KINDS } from "./acts/index.ts";
import { actContext } from "./context.ts";
import { followTransactions, logsOf, takeBackLost } from "./following.ts";
import { addressOf, preview } from "./preview.ts";
import { Sending, type Signing } from "./sending.ts";

export interface OperatorOptions {
  db: Database;
  rpc: NodeRpc;
  chainId: number;
  operator: TransactionSigner;
  /** A seat's key, with which proposals to Council are made. */
  seat?: TransactionSigner | undefined;
  /** Whether the chain may lose its newest blocks. */
  development?: boolean;
  clock?: Clock;
  logger?: Logger;
  /** What can be asked for, by name. */
  kinds?: ReadonlyMap<string, AnyActKind>;
  /** Milliseconds between two looks at the chain while something is under way. */
  pollInterval?: number;
}

const POLL_INTERVAL = 500;
const LONGEST_PAUSE = 30_000;

/**
 * Does what the operator is asked for: acts are rows, carried out in the order in which they came, through crashes at any
 * moment. What may have reached a node is followed to its end before more of the act is sent.
 */
export class Operator {
  readonly at: ActContext & { close(): void };
  readonly #options: Required<Omit<OperatorOptions, "seat" | "operator" | "development">>;
  readonly #development: boolean;
  readonly #keys: ReadonlyMap<string, Signing & { lease: KeyLease }>;
  readonly #sending: Sending;
  readonly #stopping = new AbortController();
  readonly #pauses = new Map<number, { until: number; length: number }>();
  #nap = new AbortController();
  #running: Promise<void> | undefined;
  readonly #given = new Map<string, number>();
  #head = Number.POSITIVE_INFINITY;

  constructor(options: OperatorOptions) {
    const { db, rpc, chainId, operator, seat, development = false } = options;
    const { clock = systemClock, logger = silentLogger, pollInterval = POLL_INTERVAL, kinds = ACT_KINDS } = options;
    this.#options = { db, rpc, chainId, clock, logger, kinds, pollInterval };
    this.#development = development;
    this.#sending = new Sending({ db, rpc, chainId, clock });
    this.at = actContext(rpc, chainId, operator.address, seat?.address);
    const given = options.clock === undefined ? {} : { clock };
    const signings = [operator, seat].filter((signer) => signer !== undefined);
    this.#keys = new Map(
      signings.map((signer) => [
        signer.address,
        { signer, lease: new KeyLease({ db, key: signer.address, logger, ...given }) },
      ]),
    );
  }

  async start(): Promise<void> {
    for (const { lease } of this.#keys.values()) await lease.start({ onTaken: () => this.nudge() });
    this.#running = this.#run();
  }

  /** Finishes the step that is under way. What is not done goes on next time. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nap.abort();
    await this.#running;
    for (const { lease, signer } of this.#keys.values()) {
      await lease.stop();
      signer.close();
    }
    this.at.close();
  }

  /** Something was asked for or confirmed. */
  nudge(): void {
    this.#nap.abort();
  }

  async #run(): Promise<void> {
    const { clock, logger, pollInterval } = this.#options;
    while (!this.#stopping.signal.aborted) {
      this.#nap = new AbortController();
      try {
        await this.work();
      } catch (error) {
        logger.warn({ err: error }, "The operator's acts could not be looked at");
      }
      await clock.sleep(pollInterval, AbortSignal.any([this.#nap.signal, this.#stopping.signal]));
    }
  }

  /** One look at everything that is not done. Public for tests and simulations, which drive it themselves. */
  async work(): Promise<void> {
    const { db, rpc, logger, clock } = this.#options;
    if (![...this.#keys.values()].every(({ lease }) => lease.held)) return;
    const following = { db, rpc, logger, now: () => clock.now(), given: this.#given };
    if (this.#development) {
      const head = Number(await rpc.call("eth_blockNumber"));
      // At first nobody knows what was lost before.
      if (head < this.#head) await takeBackLost(following, head);
      this.#head = head;
    }
    await followTransactions(following);
    for (const act of await actsToAdvance(db)) {
      if (this.#stopping.signal.aborted) return;
      if ((this.#pauses.get(act.id)?.until ?? 0) > clock.now()) continue;
      await this.#advance(act);
    }
  }

  async #advance(act: ActRow): Promise<void> {
    const { db, clock } = this.#options;
    try {
      const kind = this.#options.kinds.get(act.act);
      if (kind === undefined) throw new BropError("service.internal", { act: act.act }, "Made by a newer version");
      await this.#carryOn(kind, act);
      this.#pauses.delete(act.id);
    } catch (thrown) {
      const error = bropErrorFrom(thrown);
      if (isPassing(error)) {
        this.#pause(act.id);
        await troubleAct(db, act.id, { ...error.toProblem() });
        this.#options.logger.warn({ act: act.id, err: thrown }, "An act waits");
        return;
      }
      this.#pauses.delete(act.id);
      const sent = (await transactionsOf(db, [act.id])).some(({ state }) => state === "included");
      await endAct(db, act.id, { state: sent ? "failed" : "refused", error: { ...error.toProblem() } }, clock.now());
    }
  }

  async #carryOn(kind: ActKind<unknown>, { id, input }: ActRow): Promise<void> {
    const { db, rpc, clock } = this.#options;
    const rows = await transactionsOf(db, [id]);
    const included = rows.filter(({ state }) => state === "included").length;
    const steps = await kind.steps(input, this.at, included);
    const [first, ...others] = steps;
    if (first === undefined) {
      const result = (await kind.result?.(input, this.at, await logsOf(rpc, rows))) ?? {};
      await endAct(db, id, { state: "done", result }, clock.now());
      return;
    }
    await planAct(db, id, included + steps.length);
    const gas = await preview(this.at, first);
    await this.#send(id, first, gas);
    if (!kind.atOnce) return;
    for (const step of others) if (!(await this.#send(id, step, step.gasLimit ?? gas))) return;
  }

  #send(id: number, step: Step, gas: number): Promise<boolean> {
    const key = this.#keys.get(addressOf(this.at, step));
    if (key === undefined) throw new BropError("operator.seat-missing", { act: step.what });
    return this.#sending.send(id, step, gas, key);
  }

  #pause(id: number): void {
    const { clock, pollInterval } = this.#options;
    const length = Math.min((this.#pauses.get(id)?.length ?? pollInterval) * 2, LONGEST_PAUSE);
    this.#pauses.set(id, { until: clock.now() + length, length });
  }
}

/** Whether it may be otherwise in a while: then an act waits. Everything else ends it. */
function isPassing({ code }: BropError): boolean {
  return /^(signer|chain|service|key|data)\./.test(code);
}
