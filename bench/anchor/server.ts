/**
 * The parts of the platform that take and anchor records, in a process of their own:
 * `node bench/anchor/server.ts RPC DATABASE_URL`, with the relay's key in BROP_RELAY_KEY and the anchoring account's in
 * BROP_ANCHOR_KEY. Prints its address when it serves; ends with its standard input.
 */
import fastify from "fastify";
import { createAccessNode } from "../../src/access/access-node.ts";
import { apiRoutes } from "../../src/api/api-routes.ts";
import { SignIn } from "../../src/api/sign-in/sign-in.ts";
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { LocalSigner } from "../../src/chain/signing/local-signer.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { installNativePairHasher } from "../../src/core/sha256-pairs.node.ts";
import { createIndexer } from "../../src/indexer/indexer.ts";
import { signWith } from "../../src/platform/services/batches.ts";
import { Retrieval } from "../../src/retrieval/retrieval.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { anchorOperations } from "../../src/uplink/batch/anchor-operations.ts";
import { Batcher } from "../../src/uplink/batch/batcher.ts";
import { BatchIntake } from "../../src/uplink/batch/intake.ts";
import { ContractBook } from "../../src/uplink/forms/contract-book.ts";
import { IndexedOperationEnds } from "../../src/uplink/indexed-ends.ts";
import { rpcRelay } from "../../src/uplink/relay.ts";
import { Submissions } from "../../src/uplink/submissions.ts";
import { Uplink } from "../../src/uplink/uplink.ts";
import { EndWaiter } from "../../src/uplink/waiting.ts";
import { CHAIN_ID } from "../../test/support/chain-id.ts";

const INTERVAL = 2;
const [chain = "", url = ""] = process.argv.slice(2);
await installNativePairHasher();
const db = await openDatabase({ url });
const rpc = new RpcClient(chain);
const node = await createAccessNode({ rpc: chain, db, relayKey: process.env.BROP_RELAY_KEY ?? "" });
await node.start();

const server = fastify();
const submissions = new Submissions({ db, rpc, chainId: CHAIN_ID });
const book = new ContractBook(db, rpc);
const waiter = new EndWaiter(db, systemClock);
const ends = new IndexedOperationEnds(db);
await server.register(node.routes, node.routeOptions);
await server.register(
  apiRoutes({
    ...{ db, indexer: undefined, allowPrivate: false, subscriptionChanged: () => {} },
    retrieval: new Retrieval({ db, reader: db, clock: systemClock, logger: silentLogger }),
    signIn: new SignIn({ db, rpc, chainId: CHAIN_ID, publicUrl: "http://127.0.0.1", clock: systemClock }),
    // Counting requests belongs to the measurement; the limit is never reached.
    rates: { anonymous: 1_000_000_000, key: 1_000_000_000 },
    uplink: {
      ...{ submissions, book, waiter, handedOver: () => {} },
      batches: { intake: new BatchIntake(db, submissions, book), interval: INTERVAL },
    },
  }),
);
const address = await server.listen({ host: "127.0.0.1", port: 0 });

const head = async () => Number(await rpc.call<string>("eth_blockNumber"));
const uplink = new Uplink({ db, relays: [rpcRelay(`${address}/rpc`)], ends, head });
const signFor = signWith(db, CHAIN_ID, [new LocalSigner(process.env.BROP_ANCHOR_KEY ?? "")]);
const operations = anchorOperations(submissions, book, signFor);
const batcher = new Batcher({ db, operations, interval: INTERVAL, onMade: () => uplink.nudge() });
const onIndexed = () => {
  uplink.nudge();
  batcher.nudge();
};
const indexer = createIndexer({ rpc, db, onIndexed });
await indexer.start();
await indexer.caughtUp(await head());
uplink.start();
batcher.start();
console.log(address);

process.stdin.resume().once("end", async () => {
  await batcher.stop();
  await uplink.stop();
  await server.close();
  await indexer.stop();
  await node.stop();
  await db.close();
  rpc.close();
});
