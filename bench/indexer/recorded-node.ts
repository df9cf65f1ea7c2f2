/**
 * A node that answers from a recorded chain: `node recorded-node.ts FILE`. Prints its port. Answers are cut and joined
 * from text that was made ready before, so that reading the chain costs its readers what it costs them, and not more.
 */
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import type { RecordedBlock } from "./chain.ts";

interface Log {
  address: string;
  topic: string | undefined;
  text: string;
}

interface Block {
  /** With hashes of transactions. */
  short: string;
  /** With whole transactions. */
  long: string;
  receipts: string;
  logs: Log[];
}

interface Filter {
  address?: string | string[];
  topics?: (string | string[] | null)[];
  fromBlock: string;
  toBlock: string;
}

interface Request {
  id: number;
  method: string;
  params: unknown[];
}

const READS: ReadonlySet<string> = new Set(["eth_getLogs", "eth_getBlockReceipts"]);
const blocks: Block[] = [];
const byHash = new Map<string, number>();
for await (const line of createInterface({ input: createReadStream(process.argv[2] as string) })) {
  const { block, receipts } = JSON.parse(line) as RecordedBlock;
  byHash.set(block.hash, blocks.length);
  const logs = receipts.flatMap((receipt) => receipt.logs);
  blocks.push({
    short: JSON.stringify({ ...block, transactions: block.transactions.map(({ hash }) => hash) }),
    long: JSON.stringify(block),
    receipts: JSON.stringify(receipts),
    logs: logs.map((log) => ({ address: log.address.toLowerCase(), topic: log.topics[0], text: JSON.stringify(log) })),
  });
}

function answer(method: string, params: unknown[]): string {
  switch (method) {
    case "eth_chainId":
      return '"0x20e4"';
    case "eth_blockNumber":
      return `"0x${(blocks.length - 1).toString(16)}"`;
    case "eth_getBlockByNumber": {
      const block = blocks[numberOf(params[0] as string)];
      return block === undefined ? "null" : params[1] === true ? block.long : block.short;
    }
    case "eth_getBlockByHash": {
      const block = blocks[byHash.get(params[0] as string) ?? -1];
      return block === undefined ? "null" : params[1] === true ? block.long : block.short;
    }
    case "eth_getBlockReceipts":
      return blocks[numberOf(params[0] as string)]?.receipts ?? "null";
    case "eth_getLogs":
      return `[${logsOf(params[0] as Filter).join(",")}]`;
    case "eth_getCode":
      return '"0x"';
    default:
      throw new Error(`no method ${method}`);
  }
}

function numberOf(tag: string): number {
  return tag.startsWith("0x") ? Number(tag) : blocks.length - 1;
}

function logsOf({ address, topics, fromBlock, toBlock }: Filter): string[] {
  const addresses = address === undefined ? undefined : new Set([address].flat().map((one) => one.toLowerCase()));
  const first = topics?.[0];
  const wanted = first === undefined || first === null ? undefined : new Set([first].flat());
  const found: string[] = [];
  for (let number = numberOf(fromBlock); number <= Math.min(numberOf(toBlock), blocks.length - 1); number++) {
    for (const log of blocks[number]?.logs ?? []) {
      if (addresses !== undefined && !addresses.has(log.address)) continue;
      if (wanted !== undefined && !wanted.has(log.topic ?? "")) continue;
      found.push(log.text);
    }
  }
  return found;
}

function respond({ id, method, params }: Request): string {
  try {
    return `{"jsonrpc":"2.0","id":${id},"result":${answer(method, params)}}`;
  } catch (error) {
    return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: (error as Error).message } });
  }
}

/** When a reader began to read: milliseconds since 1970, 0 until then. GET /began tells it, and forgets it. */
let began = 0;

const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.end(String(began));
    began = 0;
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Request | Request[];
    if (began === 0 && [body].flat().some(({ method }) => READS.has(method))) began = Date.now();
    const text = Array.isArray(body) ? `[${body.map(respond).join(",")}]` : respond(body);
    // All of it is ASCII.
    const bytes = Buffer.from(text, "latin1");
    response.writeHead(200, { "content-type": "application/json", "content-length": bytes.length });
    response.end(bytes);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as { port: number }).port));
