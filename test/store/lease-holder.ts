// A process that keeps the lease of a key: `node lease-holder.ts DATABASE_URL KEY TTL`. Says "taken FENCE" and "lost", and
// writes the fence of its lease into the table `sent` every few milliseconds, as a relay stores what it is going to send.
import { setTimeout as sleep } from "node:timers/promises";
import { KeyLease } from "../../src/store/key-lease.ts";
import { openDatabase } from "../../src/store/open-database.ts";

const [url = "", key = "", ttl = ""] = process.argv.slice(2);
const db = await openDatabase({ url });
const lease = new KeyLease({ db, key, ttl: Number(ttl) });
await lease.start({
  onTaken: () => process.stdout.write(`taken ${lease.fence}\n`),
  onLost: () => process.stdout.write("lost\n"),
});
process.stdout.write("started\n");
for (;;) {
  if (lease.held) {
    const { fence } = lease;
    await db
      .transaction(async (tx) => {
        await lease.confirm(tx);
        await tx.query("insert into sent (fence) values ($1)", [fence]);
      })
      .catch(() => undefined);
  }
  await sleep(5);
}
