import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { Database } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { type PostgresServer, startPostgres, whyNoPostgres } from "./postgres-server.ts";

const KEY = `0x${"ab".repeat(20)}`;
// Renewed every second: a machine that is busy for less than that takes nobody's lease away.
const TTL = 3_000;

/** A process of its own that keeps the lease, or waits for it, and stores with its fence as long as it may. */
class Holder {
  readonly child: ChildProcess;
  readonly said: string[] = [];

  constructor(url: string) {
    const program = fileURLToPath(new URL("./lease-holder.ts", import.meta.url));
    this.child = spawn(process.execPath, [program, url, KEY, String(TTL)], { stdio: ["ignore", "pipe", "inherit"] });
    this.child.stdout?.on("data", (text: Buffer) => this.said.push(...text.toString().trim().split("\n")));
  }

  async says(words: string): Promise<void> {
    while (!this.said.some((line) => line.startsWith(words))) await pause(10);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGCONT");
    this.child.kill("SIGKILL");
    await ended;
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("the lease of a key between processes on one PostgreSQL server", function () {
  // A process that sleeps within a transaction holds the lease's row for 20 seconds.
  this.timeout(90_000);
  let server: PostgresServer;
  let db: Database;
  let holders: Holder[] = [];

  before(async function () {
    const reason = whyNoPostgres();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      return this.skip();
    }
    server = await startPostgres();
    db = await openDatabase({ url: server.url });
    await migrate(db);
    await db.query("create table sent (at bigserial primary key, fence bigint not null)");
  });
  beforeEach(() => db.query("truncate sent, key_leases"));
  afterEach(async () => {
    await Promise.all(holders.map((holder) => holder.end()));
    holders = [];
  });
  after(async () => {
    await db?.close();
    server?.stop();
  });

  function holder(): Holder {
    const made = new Holder(server.url);
    holders.push(made);
    return made;
  }

  const fences = async () =>
    (await db.query<{ fence: number }>("select fence from sent order by at", [])).map(({ fence }) => fence);
  async function untilStoredWith(fence: number): Promise<void> {
    while (!(await fences()).includes(fence)) await pause(20);
  }

  it("is one process's; the other takes over when that one is killed", async () => {
    const first = holder();
    await first.says("taken 1");
    const second = holder();
    await second.says("started");
    await pause(TTL);
    expect(second.said).to.deep.equal(["started"]);
    await first.end();
    await second.says("taken 2");
    await untilStoredWith(2);
    const order = await fences();
    expect(order).to.deep.equal([...order].sort((a, b) => a - b));
  });

  it("a process that slept while another took over stores nothing when it wakes", async () => {
    const first = holder();
    await first.says("taken 1");
    await untilStoredWith(1);
    first.child.kill("SIGSTOP");
    const second = holder();
    await second.says("taken 2");
    await untilStoredWith(2);
    first.child.kill("SIGCONT");
    await first.says("lost");
    await pause(TTL / 2);
    const order = await fences();
    expect(order).to.deep.equal([...order].sort((a, b) => a - b));
    expect(second.said).not.to.include("lost");
  });
});
