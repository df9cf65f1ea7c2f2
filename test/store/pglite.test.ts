import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { BropError } from "../../src/core/errors.ts";
import { openDatabase } from "../../src/store/open-database.ts";

const HOLDER = fileURLToPath(new URL("./hold-directory.ts", import.meta.url));

describe("embedded database in a directory", function () {
  this.timeout(60_000);
  let parent: string;
  let directory: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "brop-store-"));
    directory = join(parent, "deep", "database");
  });
  afterEach(async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    child = undefined;
    rmSync(parent, { recursive: true });
  });

  it("keeps its rows when it is opened again", async () => {
    const first = await openDatabase({ directory });
    await first.query("create table kept (id int); insert into kept values (1)");
    await first.close();
    const second = await openDatabase({ directory });
    expect(await second.query("select * from kept", [])).to.deep.equal([{ id: 1 }]);
    await second.close();
    expect(existsSync(`${directory}.lock`)).to.equal(false);
  });

  it("refuses a second opening in the same process, and says who has it", async () => {
    const db = await openDatabase({ directory });
    const error = await failure();
    expect(error.code).to.equal("data.locked");
    expect(error.details.pid).to.equal(process.pid);
    await db.close();
  });

  it("refuses a directory that another process has open, and opens it once that one was killed", async () => {
    const pid = await hold();
    const error = await failure();
    expect(error.code).to.equal("data.locked");
    expect(error.details.pid).to.equal(pid);
    expect(error.message).to.include(String(pid));

    child?.kill("SIGKILL");
    await once(child as ChildProcess, "exit");
    const db = await openDatabase({ directory });
    expect(await db.query("select * from held", [])).to.deep.equal([{ id: 1 }]);
    await db.close();
  });

  it("takes over the lock of a process whose identifier now belongs to another one", async () => {
    mkdirSync(join(parent, "deep"));
    writeFileSync(`${directory}.lock`, JSON.stringify({ pid: process.pid, started: "long ago" }));
    const db = await openDatabase({ directory });
    expect(readFileSync(`${directory}.lock`, "utf8"))
      .to.include(`"pid":${process.pid}`)
      .and.not.include("long ago");
    await db.close();
  });

  it("takes over a lock that is no lock", async () => {
    mkdirSync(join(parent, "deep"));
    writeFileSync(`${directory}.lock`, "");
    await (await openDatabase({ directory })).close();
  });

  it("makes a new database where making the last one was interrupted", async () => {
    mkdirSync(`${directory}.new`, { recursive: true });
    writeFileSync(join(`${directory}.new`, "PG_VERSION"), "18");
    const db = await openDatabase({ directory });
    expect(await db.query("select 1 as one", [])).to.deep.equal([{ one: 1 }]);
    await db.close();
  });

  it("refuses a directory with other files and leaves them alone", async () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "letter.txt"), "Dear all");
    const error = await failure();
    expect(error.code).to.equal("data.damaged");
    expect(error.message).to.include("holds other files").and.include("move it away");
    expect(readFileSync(join(directory, "letter.txt"), "utf8")).to.equal("Dear all");
    expect(existsSync(`${directory}.lock`)).to.equal(false);
  });

  it("refuses a damaged database and says what to do", async () => {
    await (await openDatabase({ directory })).close();
    writeFileSync(join(directory, "global", "pg_control"), "damage");
    const error = await failure();
    expect(error.code).to.equal("data.damaged");
    expect(error.message).to.include(directory).and.include("Restore it from a backup");
    expect(existsSync(`${directory}.lock`)).to.equal(false);
  });

  it("refuses a database of a newer server version", async () => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "PG_VERSION"), "99\n");
    expect((await failure()).code).to.equal("data.newer");
  });

  async function failure(): Promise<BropError> {
    const thrown = await openDatabase({ directory }).catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(BropError);
    return thrown as BropError;
  }

  /** Another process opens the directory and keeps it. */
  async function hold(): Promise<number> {
    child = spawn(process.execPath, [HOLDER, directory], { stdio: ["ignore", "pipe", "inherit"] });
    const [text] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    expect(text.toString()).to.equal("open\n");
    return child.pid as number;
  }
});
