import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { keccak256, SigningKey } from "ethers";

/** What a dishonest or broken service does in place of signing. */
export type Misbehaviour =
  | "signs with another key"
  | "signs other bytes"
  | "gives the high s"
  | "gives v of EIP-155"
  | "gives r of no point"
  | "answers with words"
  | "answers with an error"
  | "redirects"
  | "cuts the answer off"
  | "never answers"
  | "drips"
  | "floods";

export interface FakeWeb3Signer {
  url: string;
  /** Bodies of the signing endpoint's requests, in order. */
  readonly signed: string[];
  /** Requests of any kind. */
  readonly requests: string[];
  misbehaviour: Misbehaviour | undefined;
  /** Milliseconds that a signature takes. */
  delay: number;
  stop(): Promise<void>;
}

interface FakeOptions {
  privateKeys: readonly string[];
  /** With it the service speaks TLS; `requestCert` and `ca` make it ask for client certificates. */
  tls?: ServerOptions;
  /** Names under which it lets itself be called (`--http-host-allowlist`). */
  hosts?: readonly string[];
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const FLOOD = 5_000_000;
const STRANGER = new SigningKey(`0x${"99".repeat(32)}`);

/**
 * Web3Signer in eth1 mode as it was found to behave when run for real, for what BROP uses of it: it signs the keccak256 of
 * what it is sent, knows keys by their public keys without the leading 04, and refuses everything that is not well put.
 */
export async function startFakeWeb3Signer({ privateKeys, tls, hosts }: FakeOptions): Promise<FakeWeb3Signer> {
  const keys = new Map(privateKeys.map((key) => new SigningKey(key)).map((key) => [publicKeyOf(key), key]));
  const fake = { url: "", signed: [] as string[], requests: [] as string[], delay: 0 } as unknown as FakeWeb3Signer & {
    signed: string[];
    requests: string[];
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, text = "", type = "text/plain; charset=utf-8") =>
      response.writeHead(status, { "content-type": type }).end(text);
    fake.requests.push(`${request.method} ${request.url}`);
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (!(hosts ?? ["localhost", "127.0.0.1"]).includes(host))
      return void say(403, '{"message":"Host not authorized."}');
    const path = request.url ?? "";
    if (request.method === "GET") {
      if (path === "/upcheck") return void say(200, "OK");
      if (path !== "/api/v1/eth1/publicKeys") return void say(404);
      if (fake.misbehaviour === "answers with words") return void say(200, "keys? what keys?", "application/json");
      return void say(200, JSON.stringify([...keys.keys()]), "application/json");
    }
    // JSON-RPC that is not its own goes on to a node, which is not there.
    if (request.method === "POST" && path === "/") return void say(504);
    const [, named] = /^\/api\/v1\/eth1\/sign\/(0x[0-9a-f]{128})$/.exec(path) ?? [];
    if (request.method !== "POST" || named === undefined) return void say(404);
    const data = dataOf(await bodyOf(request));
    if (data === undefined || !/^application\/json/.test(request.headers["content-type"] ?? "")) return void say(400);
    const key = keys.get(named);
    if (key === undefined) return void say(404, "Public Key not found");
    if (fake.delay > 0) await new Promise((resolve) => setTimeout(resolve, fake.delay));
    fake.signed.push(data);
    send(fake.misbehaviour, signatureOf(fake.misbehaviour, key, data), response);
  }

  const listener: RequestListener = (request, response) => {
    answer(request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  fake.url = `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  fake.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return fake;
}

/** Public key as the service names it: 64 bytes. */
export function publicKeyOf(key: SigningKey): string {
  return `0x${key.publicKey.slice(4)}`;
}

/** The text of an answer of status 200, right or wrong. */
function signatureOf(misbehaviour: Misbehaviour | undefined, key: SigningKey, data: string): string {
  const { r, s, v } = key.sign(keccak256(data));
  switch (misbehaviour) {
    case "signs with another key":
      return STRANGER.sign(keccak256(data)).serialized;
    case "signs other bytes":
      return key.sign(keccak256(`${data}00`)).serialized;
    case "gives the high s":
      return joined(r, `0x${(ORDER - BigInt(s)).toString(16).padStart(64, "0")}`, v === 27 ? 28 : 27);
    case "gives v of EIP-155":
      return joined(r, s, 37);
    case "gives r of no point":
      return joined(`0x${"00".repeat(32)}`, s, v);
    case "answers with words":
      return "signed, yours truly";
    case "floods":
      return "0".repeat(FLOOD);
    default:
      return joined(r, s, v);
  }
}

function send(misbehaviour: Misbehaviour | undefined, text: string, response: ServerResponse): void {
  if (misbehaviour === "never answers") return;
  if (misbehaviour === "answers with an error") {
    response.writeHead(500).end("Internal Server Error");
  } else if (misbehaviour === "redirects") {
    response.writeHead(307, { location: "http://127.0.0.1:1/api/v1/eth1/sign" }).end();
  } else if (misbehaviour === "cuts the answer off") {
    response.writeHead(200, { "content-length": String(text.length) });
    response.write(text.slice(0, 60), () => response.destroy());
  } else if (misbehaviour === "drips") {
    response.writeHead(200);
    const timer = setInterval(() => response.write("0"), 20);
    response.on("close", () => clearInterval(timer));
  } else {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end(text);
  }
}

function joined(r: string, s: string, v: number): string {
  return `${r}${s.slice(2)}${v.toString(16).padStart(2, "0")}`;
}

function dataOf(body: string): string | undefined {
  try {
    const { data, ...others } = JSON.parse(body);
    const isRight = typeof data === "string" && /^0x([0-9a-fA-F]{2})*$/.test(data) && Object.keys(others).length === 0;
    return isRight ? data : undefined;
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
