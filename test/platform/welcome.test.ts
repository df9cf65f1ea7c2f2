import { resolve } from "node:path";
import { expect } from "chai";
import { type Flags, readConfig } from "../../src/config.ts";
import { partsOf } from "../../src/platform/parts.ts";
import type { Platform } from "../../src/platform/platform.ts";
import { printWelcome, readyLine } from "../../src/platform/welcome.ts";

const ADDRESSES = { Directory: "0x000000000000000000000000000000000000B001", Records: `0x${"ab".repeat(20)}` };
const PARTICIPANTS = { operator: "0x0A", seats: ["0x01", "0x02"], relays: ["0x11"] };

function platform(flags: Flags): Platform {
  const config = readConfig(flags, {});
  return {
    url: `http://127.0.0.1:${config.port}`,
    chainUrl: "http://127.0.0.1:1",
    chainId: config.chainId,
    data: resolve(config.data),
    parts: partsOf(config),
    network: {
      url: "http://127.0.0.1:1",
      founded: true,
      participants: PARTICIPANTS,
      stop: async () => undefined,
    },
    stop: async () => undefined,
  };
}

function welcome(flags: Flags): string {
  let text = "";
  printWelcome(platform(flags), readConfig(flags, {}), ADDRESSES, { write: (part) => (text += part) });
  return text;
}

describe("the welcome", () => {
  it("lists contracts and keys, and the next commands as they can be typed", () => {
    const lines = welcome({}).split("\n");
    expect(lines).to.include("  Directory  0x000000000000000000000000000000000000B001");
    expect(lines).to.include("  operator  0x0A").and.to.include("  seat-2    0x02");
    expect(lines).to.include("BROP runs at http://127.0.0.1:8420, chain 8420, data in ./data");
    const commands = lines.slice(lines.findIndex((line) => line.startsWith("BROP runs")) + 1);
    expect(commands.map((line) => line.trim().split(/ {2,}/)[0]).filter(Boolean)).to.deep.equal([
      "http://127.0.0.1:8420",
      "npm run demo",
      "npm run brop -- status",
      "Ctrl-C",
    ]);
  });

  it("adds to the commands what differs from the defaults", () => {
    const text = welcome({ port: "9000", data: "./trial" });
    expect(text).to.contain("npm run demo -- --rpc http://127.0.0.1:9000 --keys ./trial/keys ");
    expect(text).to.contain("npm run brop -- status --rpc http://127.0.0.1:9000 ");
  });

  it("says nothing of commands that a part alone can not serve", () => {
    expect(welcome({ role: "chain" })).not.to.contain("npm run");
  });
});

describe("the ready line", () => {
  it("holds what a program needs to go on", () => {
    expect(readyLine(platform({}), ADDRESSES)).to.deep.equal({
      event: "ready",
      url: "http://127.0.0.1:8420",
      rpc: "http://127.0.0.1:8420/rpc",
      chainId: 8420,
      data: resolve("./data"),
      parts: ["chain", "access", "indexer", "push", "uplink", "api"],
      pid: process.pid,
      founded: true,
      addresses: ADDRESSES,
      keys: { operator: "0x0A", "seat-1": "0x01", "seat-2": "0x02", "relay-1": "0x11" },
    });
  });
});
