// The routes of files in a process of their own, to be measured: FOLDER DATABASE_URL. Says its port and a key in one line.
import { join } from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { DiskStore } from "../../src/hosting/disk-store.ts";
import { Hosting } from "../../src/hosting/hosting.ts";
import { Keeper } from "../../src/hosting/keeper.ts";
import { Staging } from "../../src/hosting/staging.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { startFilesServer } from "./files-server.ts";

const GIB = 2 ** 30;
const HOUR = 3_600_000;

const [folder = "", url = ""] = process.argv.slice(2);
const db = await openDatabase({ url });
await migrate(db);
const staging = new Staging(join(folder, "uploads"));
await staging.open();
const hosting = new Hosting({
  ...{ db, store: new DiskStore(join(folder, "contents")), staging, clock: systemClock, logger: silentLogger },
  limits: { largestFile: 64 * GIB, quota: 64 * GIB, reserve: 0, uploadPatience: HOUR, scrubInterval: HOUR },
});
const keeper = new Keeper(hosting);
keeper.start();
const server = await startFilesServer(db, hosting);
const key = await server.key(`0x${"a1".repeat(20)}`);
process.stdout.write(`${JSON.stringify({ port: Number(new URL(server.url).port), key })}\n`);
process.once("SIGTERM", async () => {
  await hosting.stop();
  await server.close();
  await keeper.stop();
  await db.close();
});
