import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Flags } from "../../src/config.ts";
import { developmentKeys } from "../../src/platform/development-keys.ts";
import { foundNetwork } from "../../src/platform/genesis-file.ts";
import { killPlatforms, launchPlatform, refusedStart, untilReady } from "./support/platform-process.ts";

describe("a start that can not be", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "brop-refusals-"));
  let next = 0;

  /** Path of a data folder that is not there yet. */
  const newPath = () => join(folder, String(next++), "data");

  /** A data folder in which a network was founded, without a chain or a database so far. */
  async function founded(): Promise<string> {
    const data = newPath();
    await foundNetwork(join(mkdir(data), "genesis.json"), 8420, await developmentKeys(join(data, "keys"), false));
    return data;
  }

  /** Refused, and no file of the data folder is other than before. */
  async function refusedUnchanged(settings: Flags & { data: string }, environment: NodeJS.ProcessEnv = {}) {
    const before = contents(settings.data);
    const error = await refusedStart(settings, environment);
    expect(contents(settings.data)).to.deep.equal(before);
    return error;
  }

  after(async () => {
    await killPlatforms();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is told that its port is taken, by number and with the option to choose another", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const data = newPath();
    const error = await refusedUnchanged({ data, port: String(port) }).finally(() => server.close());
    expect(error).to.include({ code: "port.taken", port });
    expect(error.detail).to.contain(String(port));
    expect(error.remedy).to.contain("--port");
    expect(existsSync(data)).to.equal(false);
  });

  it("is told that a folder belongs to another chain id", async () => {
    const error = await refusedUnchanged({ data: await founded(), chainId: "99" });
    expect(error).to.include({ code: "chain.wrong", chainId: 8420, expectedChainId: 99 });
    expect(error.detail).to.contain("--data");
  });

  it("is told that the database server does not answer, without the password in its address", async () => {
    const data = newPath();
    const error = await refusedUnchanged({ data }, { DATABASE_URL: "postgres://brop:hunter2@127.0.0.1:1/brop" });
    expect(error.code).to.equal("service.unavailable");
    expect(error.detail).to.contain("127.0.0.1:1/brop");
    expect(JSON.stringify(error)).not.to.contain("hunter2");
    expect(existsSync(data)).to.equal(false);
  });

  it("is told that the data folder can not be written", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "This is no folder.");
    const error = await refusedStart({ data: join(file, "data") });
    expect(error.code).to.equal("data.not-writable");
    expect(error.remedy).to.contain("--data");
    expect(readFileSync(file, "utf8")).to.equal("This is no folder.");
  });

  it("is told which setting is not valid", async () => {
    const data = newPath();
    expect(await refusedUnchanged({ data, port: "eighty" })).to.include({
      code: "configuration.invalid",
      setting: "--port",
    });
    expect(await refusedUnchanged({ data, role: "api" })).to.include({
      code: "configuration.invalid",
      setting: "BROP_RPC_URL, --rpc",
    });
    expect(existsSync(data)).to.equal(false);
  });

  it("is told that the node of the network does not answer", async () => {
    const error = await refusedStart({ data: newPath(), rpcUrl: "http://127.0.0.1:1" });
    expect(error.code).to.equal("chain.unreachable");
  });

  describe("on a damaged data folder is told what is damaged, and changes nothing:", () => {
    const cases: [string, (data: string) => void, RegExp][] = [
      ["an unreadable genesis", (data) => writeFileSync(join(data, "genesis.json"), "{"), /genesis\.json/],
      ["a genesis without members", (data) => writeFileSync(join(data, "genesis.json"), "{}"), /genesis\.json/],
      ["a lost genesis", (data) => move(data, "genesis.json"), /genesis\.json is missing/],
      ["a lost key", (data) => rmSync(join(data, "keys", "seat-2.json")), /the key seat-2 is missing/],
      ["lost keys", (data) => rmSync(join(data, "keys"), { recursive: true }), /the folder of keys is missing/],
      ["a damaged key", (data) => writeFileSync(join(data, "keys", "relay-1.json"), "?"), /relay-1\.json/],
    ];
    for (const [what, damage, words] of cases) {
      it(what, async () => {
        const data = await founded();
        writeFileSync(join(mkdir(join(data, "chain")), "state"), gzipSync("{}"));
        damage(data);
        const error = await refusedUnchanged({ data });
        expect(error.code).to.equal("data.damaged");
        expect(error.detail).to.match(words);
        expect(error.remedy).to.match(/backup/);
      });
    }

    it("the key of another network", async () => {
      const [data, other] = [await founded(), await founded()];
      writeFileSync(join(data, "keys", "operator.json"), readFileSync(join(other, "keys", "operator.json")));
      const error = await refusedUnchanged({ data });
      expect(error.code).to.equal("data.damaged");
      expect(error.detail).to.contain("not those that the network was founded with");
    });

    it("a key that others may read", async () => {
      const data = await founded();
      chmodSync(join(data, "keys", "operator.json"), 0o644);
      expect((await refusedUnchanged({ data })).code).to.equal("key.insecure");
    });

    it("a database that is none", async () => {
      const data = await founded();
      writeFileSync(join(mkdir(join(data, "database")), "notes.txt"), "not a database");
      const error = await refusedUnchanged({ data });
      expect(error.code).to.equal("data.damaged");
      expect(error.detail).to.contain(join(data, "database"));
    });

    it("a chain's state that is none", async () => {
      const data = await founded();
      const state = join(mkdir(join(data, "chain")), "state");
      writeFileSync(state, "not a state");
      const error = await refusedStart({ data });
      expect(error.code).to.equal("data.damaged");
      expect(error.path).to.equal(state);
      expect(readFileSync(state, "utf8")).to.equal("not a state");
    });
  });

  it("is ended by Ctrl-C half way, and gone on with by the next one", async () => {
    const data = newPath();
    const platform = launchPlatform({ data, blockTime: "3" });
    await new Promise<void>((resolve) => {
      platform.child.stderr?.on("data", () => {
        if (platform.words().includes("Development chain")) resolve();
      });
      platform.exit.then(() => resolve());
    });
    platform.signal("SIGINT");
    const { code, output } = await platform.exit;
    expect({ code, output }).to.deep.equal({ code: 0, output: "" });
    const genesis = readFileSync(join(data, "genesis.json"), "utf8");

    const second = launchPlatform({ data });
    expect((await untilReady(second)).data).to.equal(data);
    second.signal("SIGTERM");
    expect((await second.exit).code).to.equal(0);
    expect(readFileSync(join(data, "genesis.json"), "utf8")).to.equal(genesis);
  });
});

function mkdir(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

function move(data: string, name: string): void {
  writeFileSync(join(data, "..", name), readFileSync(join(data, name)));
  rmSync(join(data, name));
}

/** Every file below a folder with its content, except the folder of locks. */
function contents(root: string): Record<string, string> | undefined {
  if (!existsSync(root)) return undefined;
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const kept = paths.filter((path) => !path.startsWith(join(root, "locks")));
  return Object.fromEntries(kept.sort().map((path) => [path, readFileSync(path, "base64")]));
}
