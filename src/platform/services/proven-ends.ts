import { readFileSync } from "node:fs";
import { ProvenNetwork } from "../../chain/operation-end/proven-network.ts";
import type { Relay, RelayFault } from "../../chain/relays/relay.ts";
import { RpcClient } from "../../chain/rpc-client.ts";
import { type Config, SETTINGS } from "../../config.ts";
import { systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { readTrust, type Trust, type TrustDescription } from "../../core/qbft/trust.ts";
import type { Cleanup } from "../cleanup.ts";

/** Milliseconds. */
const TIMEOUT = 10_000;

/**
 * Where the settings name a trusted start of a network of sealed blocks: its height and the ends of operations, proven by
 * what the node and the relays show. Undefined where the node is trusted, and for a development chain.
 *
 * @param onFault told of what a relay did wrong, besides the log
 * @param chainUrl JSON-RPC of the node that this platform works with; asked as one among the relays
 * @throws BropError `configuration.invalid` for a trusted start that can not be used
 */
export function openProvenNetwork(
  config: Config,
  chainUrl: string,
  logger: Logger,
  cleanup: Cleanup,
  onFault: (fault: RelayFault) => void = () => undefined,
): ProvenNetwork | undefined {
  const trust = config.trust === undefined ? undefined : readTrustFile(config.trust, config.chainId);
  if (trust?.mode !== "sealed") return undefined;
  const urls = [...new Set([chainUrl, ...(config.relays ?? [])])];
  const relays = urls.map((url): Relay => {
    const rpc = new RpcClient(url, { timeout: TIMEOUT });
    cleanup.add(async () => rpc.close());
    return { url: shownUrl(url), ask: (method, params) => rpc.call(method, params) };
  });
  return new ProvenNetwork({
    ...{ trust, relays, clock: systemClock },
    onFault: (fault) => {
      logger.warn({ fault }, "A relay did wrong");
      onFault(fault);
    },
  });
}

/**
 * Reads the network's genesis file or a checkpoint.
 * @throws BropError `configuration.invalid` for one that is not there, can not be used, or is of another chain
 */
export function readTrustFile(path: string, chainId: number): Trust {
  const { environment: setting } = SETTINGS.trust;
  let trust: Trust;
  try {
    trust = readTrust(JSON.parse(readFileSync(path, "utf8")) as TrustDescription);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BropError("configuration.invalid", { setting, value: path, reason }, undefined, { cause: error });
  }
  if (trust.chainId === BigInt(chainId)) return trust;
  const reason = `it is that of chain ${trust.chainId}, and chain ${chainId} is asked for`;
  throw new BropError("configuration.invalid", { setting, value: path, reason });
}

/** Without password and query, which may hold a key. */
function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
