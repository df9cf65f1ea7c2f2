/**
 * An access node as a process of its own, as in production: `node bench/support/access-process.ts RPC DIRECTORY`, with the
 * relay's key in BROP_RELAY_KEY. Prints its address when it serves; ends with its standard input.
 */
import Fastify from "fastify";
import { createAccessNode } from "../../src/access/access-node.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";

const [rpc = "", directory = ""] = process.argv.slice(2);
const db = await openDatabase({ directory });
await migrate(db);
const node = await createAccessNode({
  rpc,
  db,
  relayKey: process.env.BROP_RELAY_KEY ?? "",
  limits: { pool: 200_000, sender: 200_000 },
});
await node.start();
const server = Fastify();
await server.register(node.routes, node.routeOptions);
console.log(await server.listen({ host: "127.0.0.1", port: 0 }));
process.stdin.resume().once("end", async () => {
  await server.close();
  await node.stop();
  await db.close();
});
