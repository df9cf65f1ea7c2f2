import type { RpcAnswer } from "../../../src/access/json-rpc.ts";
import { NodeRpcError, type RpcRequest } from "../../../src/chain/rpc-client.ts";
import { BropError } from "../../../src/core/errors.ts";
import { type Relay, relayOf } from "../../../src/uplink/relay.ts";
import type { PlatformMachine } from "./platform-machine.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

const TIMEOUT = 10_000;

/** The platform's own access node, which may be away, killed on the way, or whose answers are lost. */
export function networkRelay(process: SimulatedProcess, machine: () => PlatformMachine): Relay {
  const { world } = process;
  return relayOf("own access node", (requests) => {
    const calls = requests.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
    return new Promise((resolve, reject) => {
      const later = (milliseconds: number, tell: () => void) =>
        world.time.after(milliseconds, () => {
          if (process.alive) tell();
        });
      const fail = (milliseconds: number) => later(milliseconds, () => reject(unreachable()));
      world.time.after(world.random.next() * 10, () => {
        const running = machine().running;
        if (running?.access === undefined || world.fails("rpcUnreachable"))
          return fail(world.random.integer(1, TIMEOUT));
        running.process.onKill(() => fail(10));
        running.access.gateway.handle(structuredClone(calls)).then((answers) => {
          if (world.fails("rpcLost")) return fail(TIMEOUT);
          later(world.random.next() * 10, () => resolve((answers as RpcAnswer[]).map(resultOf)));
        });
      });
    });
  });
}

/** A relay that says yes to everything and does nothing. */
export function silentRelay(process: SimulatedProcess): Relay {
  return relayOf("a relay that censors", (requests: readonly RpcRequest[]) =>
    process.io("relay that censors", 5, () => requests.map(({ params }) => hashes.get(JSON.stringify(params?.[0])))),
  );
}

/** What a relay that answers without looking would answer. */
const hashes = new Map<string, string>();

/** Tells it the hash of an operation in its JSON-RPC form. */
export function knowHash(operation: Record<string, unknown>, hash: string): void {
  hashes.set(JSON.stringify(operation), hash);
}

function resultOf({ error, result }: RpcAnswer): unknown {
  return error === undefined ? result : new NodeRpcError(error.code, error.message, error.data);
}

function unreachable(): BropError {
  return new BropError("chain.unreachable", { reason: "simulated" });
}
