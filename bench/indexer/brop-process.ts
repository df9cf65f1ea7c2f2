/** Indexes a node's chain into a database as far as it goes: `node brop-process.ts URL DATABASE`. Prints when it is done. */
import { RpcClient } from "../../src/chain/rpc-client.ts";
import { createIndexer } from "../../src/indexer/indexer.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";

const [url, database] = process.argv.slice(2) as [string, string];
const rpc = new RpcClient(url);
const db = await openDatabase({ url: database });
await migrate(db);
const indexer = createIndexer({ rpc, db });
const head = Number(await rpc.call<string>("eth_blockNumber"));
await indexer.start();
await indexer.caughtUp(head);
// Until the last index is there, as Ponder does before it says that it is ready.
const waiting = "select 1 from deferred_indexes limit 1";
while ((await db.query(waiting, [])).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
console.log(Date.now());
await indexer.stop();
await db.close();
rpc.close();
