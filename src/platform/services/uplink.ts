import type { Gateway } from "../../access/gateway.ts";
import type { RpcAnswer } from "../../access/json-rpc.ts";
import type { UplinkContext } from "../../api/context.ts";
import type { RelayFaultKind } from "../../chain/relays/relay.ts";
import { NodeRpcError } from "../../chain/rpc-client.ts";
import type { Config } from "../../config.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import type { Retrieval } from "../../retrieval/retrieval.ts";
import type { Database } from "../../store/database.ts";
import { countSubmissionsByState, oldestOpenSubmission } from "../../store/queries/uplink/open.ts";
import { BatchIntake } from "../../uplink/batch/intake.ts";
import type { KeepData } from "../../uplink/form.ts";
import { ContractBook } from "../../uplink/forms/contract-book.ts";
import { IndexedOperationEnds } from "../../uplink/indexed-ends.ts";
import { type Relay, relayOf, rpcRelay } from "../../uplink/relay.ts";
import { Submissions } from "../../uplink/submissions.ts";
import { Uplink } from "../../uplink/uplink.ts";
import type { EndWaiter } from "../../uplink/waiting.ts";
import { keptFor } from "../kept-for.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";
import { openProvenNetwork } from "./proven-ends.ts";

/** Milliseconds for which what was counted in the database is told again. */
const KEEP_COUNTS = 10_000;

/**
 * Starts to bring submissions to their ends.
 * @param gateway of the access node in this process, if there is one
 * @throws BropError `configuration.invalid` without any relay, or for a trusted start that can not be used
 */
export function startUplink(
  { config, db, rpc, chainUrl, logger: platformLogger, cleanup }: ServicesOptions,
  gateway: Gateway | undefined,
  onEnded: () => void,
): { uplink: Uplink; measurements: Measurement[] } {
  const logger = platformLogger.child({ part: "uplink" });
  const faults: Record<RelayFaultKind, number> = { lied: 0, withheld: 0, silent: 0, censored: 0 };
  const proven = openProvenNetwork(config, chainUrl, logger, cleanup, ({ kind }) => faults[kind]++);
  const uplink = new Uplink({
    ...{ db, relays: relaysOf(config, gateway), ends: proven?.ends ?? new IndexedOperationEnds(db), onEnded, logger },
    head: async () => proven?.head() ?? Number(await rpc.call<string>("eth_blockNumber")),
  });
  uplink.start();
  cleanup.add(() => uplink.stop());
  return { uplink, measurements: uplinkMeasurements(uplink, faults, db, systemClock) };
}

/** What the routes need to take things in, which the uplink of this or another process brings to their ends. */
export function uplinkContext(
  { config, db, rpc }: ServicesOptions,
  waiter: EndWaiter,
  retrieval: Retrieval,
  handedOver: () => void,
): UplinkContext {
  const keepData: KeepData = (tx, tenant, schema, rows) => retrieval.keep(tx, tenant, schema, rows);
  const submissions = new Submissions({ db, rpc, chainId: config.chainId, keepData });
  const book = new ContractBook(db, rpc);
  const batches = { intake: new BatchIntake(db, submissions, book), interval: config.batchBlocks };
  return { submissions, book, waiter, batches, handedOver };
}

/** For /metrics: submissions by state, how long the oldest one has been open, and what relays did wrong. */
export function uplinkMeasurements(
  uplink: Pick<Uplink, "unanswered">,
  faults: Readonly<Record<RelayFaultKind, number>>,
  db: Database,
  clock: Clock,
): Measurement[] {
  return [
    {
      name: "brop_submissions",
      help: "Submissions that business systems handed over, by state",
      label: "state",
      read: keptFor(KEEP_COUNTS, clock, () => countSubmissionsByState(db)),
    },
    {
      name: "brop_oldest_open_submission_seconds",
      help: "Age of the oldest signed submission without a definite end; 0 without one",
      async read() {
        const oldest = await oldestOpenSubmission(db);
        return oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest) / 1_000);
      },
    },
    {
      ...{ name: "brop_relay_unanswered_total", counter: true, label: "relay" },
      help: "Calls that a relay did not answer when operations were handed to it, since the start",
      read: () => uplink.unanswered,
    },
    {
      ...{ name: "brop_relay_faults_total", counter: true, label: "kind" },
      help: "What relays did wrong where ends are proven, since the start: lied, withheld, silent, censored",
      read: () => faults,
    },
  ];
}

function relaysOf({ relays }: Config, gateway: Gateway | undefined): Relay[] {
  if (relays !== undefined) return relays.map((url) => rpcRelay(url));
  if (gateway !== undefined) return [nearRelay(gateway)];
  const reason = "the role `uplink` needs the address of at least one access node";
  throw new BropError("configuration.invalid", { setting: "BROP_RELAYS", reason });
}

/** The access node in this process, without a detour over the network. */
function nearRelay(gateway: Gateway): Relay {
  return relayOf("access node of this platform", async (requests) => {
    const calls = requests.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const answers = (await gateway.handle(calls)) as RpcAnswer[];
    return answers.map(({ error, result }) => {
      return error === undefined ? result : new NodeRpcError(error.code, error.message, error.data);
    });
  });
}
