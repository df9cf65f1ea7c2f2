import { BropError } from "../core/errors.ts";
import { Endpoints, type EndpointsOptions } from "./endpoints.ts";

/** Where an address leads to. */
export interface FoundRpc {
  url: string;
  chainId: bigint;
}

/**
 * Finds the JSON-RPC behind an address: a platform's base URL (which has it under `/rpc`) or an RPC URL as it is.
 * @throws BropError `request.invalid` for no HTTP address, `chain.unreachable` when nobody answers, `chain.wrong` when
 * something else does
 */
export async function findRpc(address: string, options: EndpointsOptions = {}): Promise<FoundRpc> {
  let failure: BropError | undefined;
  for (const url of candidates(address)) {
    try {
      return { url, chainId: await chainIdOf(url, options) };
    } catch (error) {
      failure ??= error as BropError;
      // Another path of the same server may be right, but a server that is not there has none.
      if ((error as BropError).code === "chain.wrong") failure = error as BropError;
    }
  }
  throw failure;
}

/** The addresses to try, the likely one first. */
export function candidates(address: string): string[] {
  if (!URL.canParse(address) || !["http:", "https:"].includes(new URL(address).protocol)) {
    const reason = "must be an address that begins with http:// or https://";
    throw new BropError("request.invalid", { field: "url", reason, value: address });
  }
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, "");
  if (path.endsWith("/rpc") || url.search !== "") return [address];
  const base = new URL(url);
  base.pathname = `${path}/rpc`;
  return [base.href, address];
}

async function chainIdOf(url: string, options: EndpointsOptions): Promise<bigint> {
  const request = { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] };
  const answer = await new Endpoints([url], options).send(request);
  const { result } = (answer ?? {}) as { result?: unknown };
  if (typeof result === "string" && /^0x[0-9a-f]+$/i.test(result)) return BigInt(result);
  throw new BropError("chain.wrong", { url, reason: "no JSON-RPC is spoken there" });
}
