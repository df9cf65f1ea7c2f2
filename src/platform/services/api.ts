import type { FastifyPluginAsync } from "fastify";
import { apiRoutes } from "../../api/api-routes.ts";
import { hostingContext } from "../../api/files/hosting-context.ts";
import { SignIn } from "../../api/sign-in/sign-in.ts";
import { buildBundle } from "../../chain/bundle/build-bundle.ts";
import { ReceiptProofs } from "../../chain/receipt-proofs.ts";
import type { Ask } from "../../chain/relays/relay.ts";
import { readSealedHeader } from "../../chain/sealed-header.ts";
import { systemClock } from "../../core/clock.ts";
import type { Indexer } from "../../indexer/indexer-options.ts";
import type { TimestampAuthority } from "../../timestamp/authority/authority.ts";
import type { EndWaiter } from "../../uplink/waiting.ts";
import { makeFirstApiKey } from "../first-api-key.ts";
import type { Measurement } from "../metrics.ts";
import { hostingMeasurements, startHosting } from "./hosting.ts";
import { operatorMeasurement, startOperator } from "./operator.ts";
import type { ServicesOptions } from "./options.ts";
import { indexesBuilding, startRetrieval } from "./retrieval.ts";
import { startTimestamps } from "./timestamps.ts";
import { uplinkContext } from "./uplink.ts";

/** What the interface needs of other parts, as far as they run in this process. */
interface Neighbours {
  indexer: Indexer | undefined;
  waiter: EndWaiter;
  subscriptionChanged: () => void;
  handedOver: () => void;
  /** The platform's own time-stamping authority. */
  authority: TimestampAuthority | undefined;
}

/** Starts the interface over HTTP with what stands behind it: business data, the operator's acts, handing over. */
export async function startApi(
  options: ServicesOptions,
  { indexer, waiter, subscriptionChanged, handedOver, authority }: Neighbours,
): Promise<{ routes: FastifyPluginAsync; measurements: Measurement[] }> {
  const { config, db, rpc, development, folder, logger, cleanup, report, signing } = options;
  await makeFirstApiKey(db, folder.apiKey);
  const retrieval = await report.step("Retrieval", () => startRetrieval(options));
  const hosting = await report.step("File store", () => startHosting(options));
  const part = logger.child({ part: "operator" });
  const operator = await startOperator({
    ...{ config, keys: folder.keys, db, rpc, development, logger: part, cleanup, signing },
  });
  const timestamps = await startTimestamps(options, authority, operator);
  const ask: Ask = (method, params) => rpc.call(method, params);
  const proofs = new ReceiptProofs(ask);
  const routes = apiRoutes({
    ...{ db, indexer, retrieval, subscriptionChanged, operator, signIn: signInOf(options) },
    timestamps: timestamps.desk,
    rates: { anonymous: config.anonymousRate, key: config.keyRate },
    allowPrivate: config.privateReceivers ?? development,
    uplink: uplinkContext(options, waiter, retrieval, handedOver),
    hosting: hostingContext(hosting, config.publicUrl ?? options.url),
    receiptProof: (hash) => proofs.find(hash),
    bundle: (request) => buildBundle(ask, request),
    header: (number) => readSealedHeader(ask, number),
  });
  const measurements = [indexesBuilding(retrieval), operatorMeasurement(db), ...hostingMeasurements(hosting)];
  return { routes, measurements: [...measurements, ...timestamps.measurements] };
}

function signInOf({ config, db, rpc, url }: ServicesOptions): SignIn {
  const { chainId, publicUrl = url } = config;
  return new SignIn({ db, rpc, chainId, publicUrl, clock: systemClock });
}
