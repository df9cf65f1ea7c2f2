import Fastify from "fastify";
import { createAccessNode } from "../../src/access/access-node.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { stopAfterTests, type TestChain, testChain } from "./chain.ts";

/** An access node that listens, as clients meet it. */
export interface TestAccessNode {
  /** Base URL, with JSON-RPC under `/rpc`. */
  url: string;
  stop(): Promise<void>;
}

let shared: Promise<TestAccessNode> | undefined;

/** The one access node of this test run, on the shared chain; started when it is first asked for. */
export function testAccessNode(): Promise<TestAccessNode> {
  shared ??= testChain().then(async (chain) => {
    const node = await startAccessNode(chain, chain.relays[0]?.privateKey as string);
    stopAfterTests(() => node.stop());
    return node;
  });
  return shared;
}

/** A further access node; whoever starts it stops it. */
export async function startAccessNode(chain: TestChain, relayKey: string): Promise<TestAccessNode> {
  const db = await openMigrated();
  const node = await createAccessNode({ rpc: chain.url, db, relayKey });
  const server = Fastify();
  await server.register(node.routes, node.routeOptions);
  await node.start();
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    stop: async () => {
      await server.close();
      await node.stop();
      await db.close();
    },
  };
}
