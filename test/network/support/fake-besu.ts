import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts a program into a folder that takes Besu's place for a package's own programs: it answers JSON-RPC at the port of
 * `config/besu.toml` and writes down how it was called. It makes no blocks and checks no settings.
 *
 * @returns the folder, for BESU_HOME
 */
export function fakeBesu(root: string): string {
  const home = join(root, "fake besu");
  mkdirSync(join(home, "bin"), { recursive: true });
  const program = join(home, "bin/besu");
  writeFileSync(program, `#!${process.execPath}\n${PROGRAM}`);
  chmodSync(program, 0o755);
  return home;
}

const PROGRAM = `
const { readFileSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const settings = readFileSync("config/besu.toml", "utf8");
const port = Number(/^rpc-http-port = (\\d+)$/m.exec(settings)[1]);
const { BESU_OPTS, JAVA_OPTS } = process.env;
writeFileSync("called.json", JSON.stringify({ args: process.argv.slice(2), folder: process.cwd(), BESU_OPTS, JAVA_OPTS }));
console.log("fake besu listens");
const age = Number(process.env.FAKE_BLOCK_AGE ?? 1);
const hex = (number) => "0x" + number.toString(16);
const answers = {
  net_peerCount: () => hex(4),
  eth_syncing: () => false,
  eth_getBlockByNumber: () => ({
    number: hex(42),
    miner: "0x" + "ab".repeat(20),
    timestamp: hex(Math.floor(Date.now() / 1000) - age),
  }),
};
createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    const { id, method } = JSON.parse(body);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method]() }));
  });
}).listen(port, "127.0.0.1");
process.on("SIGTERM", () => { console.log("fake besu ends"); process.exit(143); });
`;
