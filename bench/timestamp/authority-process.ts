/** The authority of the comparison, a process of its own: its key, its certificates and its database are in a folder. */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import fastify from "fastify";
import { SERVER_OPTIONS } from "../../src/api/server-options.ts";
import { timestampAuthorityRoutes } from "../../src/api/timestamp-authority/routes.ts";
import { digestWith } from "../../src/core/timestamp/algorithms.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { takeSerialBlock } from "../../src/store/queries/timestamps/serials.ts";
import { TimestampAuthority } from "../../src/timestamp/authority/authority.ts";
import { developmentIdentity } from "../../src/timestamp/authority/development-identity.ts";
import { SerialNumbers } from "../../src/timestamp/authority/serial-numbers.ts";
import { TokenWriter } from "../../src/timestamp/authority/token-writer.ts";

const POLICY = "1.3.6.1.4.1.32473.8420";

const folder = process.argv[2] as string;
const db = await openDatabase({ directory: join(folder, "database") });
await migrate(db);
const { certificates, signer } = await developmentIdentity(join(folder, "authority"), Date.now());
const own = await digestWith("SHA-256", certificates[0] as Uint8Array);
const authority = new TimestampAuthority({
  ...{
    certificates,
    policy: POLICY,
    writer: new TokenWriter({ signer, certificates, policy: POLICY, accuracy: 1_000 }),
  },
  serials: new SerialNumbers({ takeBlock: () => takeSerialBlock(db, own), random: randomBytes }),
  clock: { now: () => new Date(), fault: undefined },
});
const server = fastify(SERVER_OPTIONS);
await server.register(timestampAuthorityRoutes, { authority, rate: 0 });
await server.listen({ host: "127.0.0.1", port: 0 });
process.send?.({ port: (server.server.address() as AddressInfo).port });
process.once("disconnect", async () => {
  await server.close();
  await db.close();
});
