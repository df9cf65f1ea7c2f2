import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts a program into a folder that takes Besu's place for a package's own programs: it answers JSON-RPC at the port of
 * `config/besu.toml` and writes down how it was called. It has a block more each second, agreed on with nobody, and checks no settings.
 *
 * @param text another program
 * @returns the folder, for BESU_HOME
 */
export function fakeBesu(root: string, text = PROGRAM): string {
  const home = join(root, "fake besu");
  mkdirSync(join(home, "bin"), { recursive: true });
  const program = join(home, "bin/besu");
  writeFileSync(program, `#!${process.execPath}\n${text}`);
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
const began = Date.now();
const head = () => 42 + Math.floor((Date.now() - began) / 1000);
const validators = ["0x" + "ab".repeat(20), "0x" + "cd".repeat(20)];
// rlp([32 bytes, [], [], 2, [65 bytes, 65 bytes, 65 bytes]]), as a block that took three rounds has it.
const seals = ("b841" + "11".repeat(65)).repeat(3);
const extraData = "0xf8ef" + "a0" + "00".repeat(32) + "c0c0" + "02" + "f8c9" + seals;
const answers = {
  net_peerCount: () => hex(4),
  eth_syncing: () => false,
  eth_blockNumber: () => hex(head()),
  qbft_getValidatorsByBlockNumber: () => validators,
  txpool_besuStatistics: () => ({ maxSize: 4096, localCount: 5, remoteCount: 2 }),
  eth_getBlockByNumber: () => ({
    number: hex(head()),
    extraData,
    miner: "0x" + "ab".repeat(20),
    timestamp: hex(Math.floor(Date.now() / 1000) - age),
  }),
};
createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    const calls = JSON.parse(body);
    const answer = ({ id, method }) => ({ jsonrpc: "2.0", id, result: answers[method]() });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(calls) ? calls.map(answer) : answer(calls)));
  });
}).listen(port, "127.0.0.1");
process.on("SIGTERM", () => { console.log("fake besu ends"); process.exit(143); });
`;
