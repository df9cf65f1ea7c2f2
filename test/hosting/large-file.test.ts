import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { type ClientRequest, request as openRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { type PostgresServer, startPostgres, whyNoPostgres } from "../store/postgres-server.ts";
import { LONG_RUN } from "../support/long-run.ts";

const MIB = 1_048_576;
const SIZE = 5 * 1_024 * MIB;
/** Bytes of memory that the process may take in all (issue's measure). */
const MOST = 200 * MIB;
const VERSION = { "tus-resumable": "1.0.0" };
const SERVER = new URL("./large-file-server.ts", import.meta.url).pathname;

/** 5 GiB are sent over HTTP, cut, gone on with, and fetched again; the process that takes them is measured. */
describe("a file of 5 GiB", function () {
  this.timeout(3_600_000);
  let folder: string;
  let database: PostgresServer | undefined;
  let server: Running | undefined;

  before(async function () {
    // The embedded database would be most of what is measured.
    const reason = LONG_RUN ? whyNoPostgres() : "it belongs to long runs";
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    database = await startPostgres();
    folder = mkdtempSync(join(tmpdir(), "brop-large-"));
  });
  after(async () => {
    await server?.stop();
    database?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("is taken, cut twice and gone on with, and given back, in less than 200 MiB of memory", async () => {
    server = await run(folder, database?.url ?? "");
    const expected = createHash("sha256");
    for (const piece of pieces(0, SIZE)) expected.update(piece);
    const digest = expected.digest("hex");
    const metadata = `sha256 ${Buffer.from(digest).toString("base64")}`;
    const begun = await ask(server, "POST", "/v1/uploads", {
      headers: { ...VERSION, "upload-length": SIZE, "upload-metadata": metadata },
    });
    expect(begun.status).to.equal(201);
    const path = String(begun.headers.location);
    // The line breaks in the middle.
    await send(server, path, 0, 1_500 * MIB + 12_345).catch(() => undefined);
    const first = await offset(server, path);
    expect(first).to.be.within(1_400 * MIB, 1_500 * MIB + 12_345);
    // The process is killed while it takes more.
    const killed = send(server, path, first, 3_000 * MIB).catch(() => undefined);
    while (progress(folder, path) < 2_500 * MIB) await new Promise((resolve) => setTimeout(resolve, 50));
    const before = server.peak();
    await server.kill();
    await killed;
    server = await run(folder, database?.url ?? "");
    const second = await offset(server, path);
    expect(second).to.be.greaterThan(first + 900 * MIB);
    const last = await send(server, path, second, SIZE);
    expect(last.status).to.equal(204);
    const content = `${last.headers["content-location"]}/content`;
    const found = createHash("sha256");
    let length = 0;
    const got = await ask(server, "GET", content, {
      onBytes: (bytes) => {
        found.update(bytes);
        length += bytes.length;
      },
    });
    expect([got.status, length]).to.deep.equal([200, SIZE]);
    expect(found.digest("hex")).to.equal(digest);
    const peak = Math.max(before, server.peak());
    console.log(`      most memory of the process: ${(peak / MIB).toFixed(0)} MiB`);
    expect(peak).to.be.lessThan(MOST);
  });
});

interface Running {
  port: number;
  key: string;
  /** Most bytes of memory that the process had (VmHWM), as the kernel counts them. */
  peak(): number;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

async function run(folder: string, url: string): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, [SERVER, folder, url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no output");
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { port, key } = JSON.parse(line) as { port: number; key: string };
  let highest = 0;
  const peak = () => {
    const status = child.exitCode === null ? readFileSync(`/proc/${child.pid}/status`, "utf8") : "";
    highest = Math.max(highest, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024);
    return highest;
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  };
  return { port, key, peak, kill: () => end("SIGKILL"), stop: () => end("SIGTERM") };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

function ask(
  { port, key }: Running,
  method: string,
  path: string,
  { headers = {}, onBytes }: { headers?: object; onBytes?: (bytes: Buffer) => void } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = openRequest({
      ...{ host: "127.0.0.1", port, method, path, agent: false },
      headers: { authorization: `Bearer ${key}`, ...headers },
    });
    request.on("error", reject);
    request.on("response", async (response) => {
      try {
        for await (const bytes of response) onBytes?.(bytes);
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      } catch (error) {
        reject(error);
      }
    });
    request.end();
  });
}

/** Sends bytes from a position until before another; what is said is that all the rest comes, so that it ends broken. */
function send(server: Running, path: string, from: number, to: number): Promise<Answer> {
  function* body() {
    yield* pieces(from, to);
    if (to < SIZE) throw new Error("the line breaks");
  }
  const headers = {
    ...VERSION,
    "content-type": "application/offset+octet-stream",
    "upload-offset": from,
    "content-length": SIZE - from,
  };
  return new Promise((resolve, reject) => {
    const request = openRequest({
      ...{ host: "127.0.0.1", port: server.port, method: "PATCH", path, agent: false },
      headers: { authorization: `Bearer ${server.key}`, ...headers },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    void (async () => {
      try {
        for (const piece of body()) {
          if (request.destroyed) return;
          if (!request.write(piece)) await room(request);
        }
        request.end();
      } catch (error) {
        request.destroy(error as Error);
      }
    })();
  });
}

/** Until more can be written, or nothing any more. */
function room(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      request.off("drain", go).off("close", go);
      resolve();
    };
    request.on("drain", go).on("close", go);
  });
}

async function offset(server: Running, path: string): Promise<number> {
  for (;;) {
    const { status, headers } = await ask(server, "HEAD", path, { headers: VERSION });
    if (status === 200) return Number(headers["upload-offset"]);
    // The request that was cut is still being written down.
    expect(status).to.equal(423);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Bytes of an upload that are on disk. */
function progress(folder: string, path: string): number {
  return statSync(join(folder, "uploads", `${path.split("/").at(-1)}.part`)).size;
}

/** Bytes of the file, each MiB another. */
function* pieces(from: number, to: number): Generator<Buffer> {
  for (let position = from; position < to; ) {
    const piece = pieceAt(Math.floor(position / MIB));
    const start = position % MIB;
    const part = piece.subarray(start, Math.min(MIB, start + to - position));
    yield Buffer.from(part);
    position += part.length;
  }
}

const PATTERN = createHash("sha512").update("5 GiB").digest();

function pieceAt(index: number): Buffer {
  const piece = Buffer.alloc(MIB, PATTERN);
  piece.writeUInt32LE(index, 0);
  return piece;
}
