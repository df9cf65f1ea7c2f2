// An access node as a process of its own, so that a test can kill it. Arguments: RPC address, data folder or address of a
// PostgreSQL server, relay's key and port. Says "ready" once it serves, be it that it stands by.
import websocket from "@fastify/websocket";
import Fastify from "fastify";
import { createAccessNode } from "../../src/access/access-node.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";

const [rpc = "", data = "", relayKey = "", port = ""] = process.argv.slice(2);
const db = await openDatabase(data.startsWith("postgres:") ? { url: data } : { directory: data });
await migrate(db);
const node = await createAccessNode({ rpc, db, relayKey });
await node.start();
const server = Fastify();
await server.register(websocket);
await server.register(node.routes, node.routeOptions);
await server.listen({ host: "127.0.0.1", port: Number(port) });
process.stdout.write("ready\n");
