/**
 * How many time-stamp tokens a second the platform's own authority gives over HTTP: `npm run bench -- timestamp [SECONDS]`.
 * Beside it `openssl ts -reply`, a process a request, as an operator without a server of it would; the same key (P-256),
 * certificate and request, and as many processes at once as the machine has processors. Both in turns, in the same run.
 */
import { type ChildProcess, execFileSync, fork, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildQuery } from "../src/core/timestamp/request.ts";
import { readResponse } from "../src/core/timestamp/response.ts";
import { verifyToken } from "../src/core/timestamp/verify-token.ts";
import { readCertificates } from "../src/timestamp/authority/identity.ts";
import { printTable } from "./support/table.ts";

const SECONDS = Number(process.argv[2] ?? 5);
const ROUNDS = 3;
/** Requests that are under way at once. */
const CONNECTIONS = 16;
/** One token of so many is verified as a whole. */
const VERIFIED = 500;
const PROCESSES = availableParallelism();

const digest = new Uint8Array(createHash("sha256").update("What is stamped").digest());
const query = buildQuery({ algorithm: "SHA-256", digest, nonce: 0x1234567890abcdefn });
const folder = mkdtempSync(join(tmpdir(), "brop-timestamp-"));
let authority: ChildProcess | undefined;
try {
  console.log(execFileSync("openssl", ["version"], { encoding: "utf8" }).trim());
  const script = fileURLToPath(new URL("./timestamp/authority-process.ts", import.meta.url));
  authority = fork(script, [folder]);
  const port = await new Promise<number>((resolve) =>
    authority?.once("message", (said: { port: number }) => resolve(said.port)),
  );
  const trusted = await readCertificates(join(folder, "authority", "certificate.pem"));
  const reply = preparePeer();
  await measureHttp(port, 1, trusted);
  await measurePeer(reply, 1);
  const rounds: { own: number; peer: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ own: await measureHttp(port, SECONDS, trusted), peer: await measurePeer(reply, SECONDS) });
  }
  printTable(
    ["round", "BROP over HTTP, tokens/s", "openssl ts -reply, tokens/s", "ratio"],
    rounds.map(({ own, peer }, index) => [
      ...[String(index + 1), own.toFixed(0), peer.toFixed(0), (own / peer).toFixed(1)],
    ]),
  );
  console.log(
    `\n${CONNECTIONS} requests at once over HTTP, ${PROCESSES} processes of openssl at once; nonce and certificates asked for.`,
  );
} finally {
  authority?.disconnect();
  if (authority !== undefined) await new Promise((resolve) => authority?.once("exit", resolve));
  rmSync(folder, { recursive: true, force: true });
}

async function measureHttp(port: number, seconds: number, trusted: readonly Uint8Array[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const until = performance.now() + seconds * 1_000;
  const began = performance.now();
  let count = 0;
  const one = async () => {
    while (performance.now() < until) {
      const { token } = readResponseOf(await post(agent, port));
      if (count++ % VERIFIED === 0) await verifyToken(token, { digest, authorities: trusted, tolerance: 1_000 });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  const taken = (performance.now() - began) / 1_000;
  agent.destroy();
  return count / taken;
}

function readResponseOf(bytes: Buffer): { token: Uint8Array } {
  // The status is what a client has to look at; parsing every token would be the load's own work.
  if (bytes[8] !== 0) throw new Error("A request was refused");
  return {
    get token() {
      const { token } = readResponse(new Uint8Array(bytes));
      if (token === undefined) throw new Error("A request was refused");
      return token;
    },
  };
}

function post(agent: Agent, port: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/timestamp-query", "content-length": query.length };
    const call = request({ agent, port, host: "127.0.0.1", method: "POST", path: "/tsa", headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.once("end", () => resolve(Buffer.concat(pieces)));
    });
    call.once("error", reject);
    call.end(query);
  });
}

/** Settings and files of `openssl ts -reply`, with the key of the platform's authority. @returns its arguments */
function preparePeer(): (number: number) => string[] {
  const own = join(folder, "authority");
  const chain = readFileSync(join(own, "certificate.pem"), "utf8");
  const [first, second] = chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  writeFileSync(join(folder, "signer.pem"), first as string);
  writeFileSync(join(folder, "chain.pem"), second as string);
  writeFileSync(join(folder, "query.tsq"), query);
  return (number) => {
    // Processes side by side would write one file of serial numbers at once.
    writeFileSync(join(folder, `serial-${number}`), "01");
    const lines = [
      "[tsa]",
      `serial = ${join(folder, `serial-${number}`)}`,
      "digests = sha256",
      "default_policy = 1.2.3",
      "signer_digest = sha256",
      "accuracy = secs:1",
    ];
    const config = join(folder, `openssl-${number}.cnf`);
    writeFileSync(config, `${lines.join("\n")}\n`);
    const files = [
      "-signer",
      join(folder, "signer.pem"),
      "-inkey",
      join(own, "key.pem"),
      "-chain",
      join(folder, "chain.pem"),
    ];
    return [
      "ts",
      "-reply",
      "-config",
      config,
      "-section",
      "tsa",
      "-queryfile",
      join(folder, "query.tsq"),
      ...files,
      "-out",
      join(folder, `reply-${number}`),
    ];
  };
}

async function measurePeer(reply: (number: number) => string[], seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  const began = performance.now();
  let count = 0;
  const one = async (number: number) => {
    const args = reply(number);
    while (performance.now() < until) {
      await run(args);
      count++;
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, (_, number) => one(number)));
  return count / ((performance.now() - began) / 1_000);
}

function run(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("openssl", args, { stdio: "ignore" });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`openssl ended with ${code}`))));
  });
}
