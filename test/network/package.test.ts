import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { parse } from "yaml";
import { unpack } from "../../src/network/package/archive.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";
import { fakeBesu } from "./support/fake-besu.ts";
import { freePorts } from "./support/ports.ts";

interface Ended {
  code: number;
  words: string;
}

describe("A node's package", function () {
  this.timeout(60_000);
  let shop: Workshop;
  let node: string;
  let besu: string;

  before(async () => {
    shop = workshop();
    besu = fakeBesu(shop.root);
    const ports = await freePorts();
    await shop.init({ ...consortiumOf(1), fullNodes: [{ ...entry("partner", 60), ports }] });
    // A blank in the path, as on somebody's desktop.
    const target = join(shop.root, "my nodes");
    for (const name of ["partner", "access-1"])
      await unpack(join(shop.directory, "packages", `${name}.tar.gz`), target);
    node = join(target, "partner");
  });
  afterEach(() => run("stop"));
  after(() => shop.remove());

  function run(program: string, environment: Record<string, string> = {}): Promise<Ended> {
    const env = { PATH: process.env.PATH ?? "", BESU_HOME: besu, ...environment };
    return new Promise((resolve) => {
      execFile(join(node, "bin", program), { env, cwd: "/" }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), words: `${stdout}${stderr}` });
      });
    });
  }

  async function untilWell(): Promise<Ended> {
    for (let tries = 0; tries < 100; tries++) {
      const ended = await run("health");
      if (ended.code === 0) return ended;
      await sleep(100);
    }
    return run("health");
  }

  it("starts, tells how it does and stops, from wherever it is called", async () => {
    expect(await run("health")).to.deep.include({ code: 1 });
    expect((await run("start")).words).to.match(/^started, process \d+/);
    expect((await untilWell()).words).to.match(/^well: block 4\d, \d s old/);
    const status = await run("status");
    expect(status.code).to.equal(0);
    expect(status.words)
      .to.match(/process {3}\d+/)
      .and.to.match(/block {5}4\d/)
      .and.to.match(/peers {5}4/);
    expect(status.words)
      .to.contain(`proposer  0x${"ab".repeat(20)}`)
      .and.to.contain("syncing   no");
    expect((await run("stop")).words).to.equal("stopped\n");
    expect(readFileSync(join(node, "logs/besu.log"), "utf8")).to.contain("fake besu ends");
    expect((await run("stop")).words).to.equal("the node does not run\n");
    expect((await run("status")).code).to.equal(1);
  });

  it("gives Besu its settings, its plugins' folder and its memory, in the package's folder", async () => {
    await run("start", { BESU_OPTS: "-Dmine=1" });
    await untilWell();
    expect(JSON.parse(readFileSync(join(node, "called.json"), "utf8"))).to.deep.equal({
      args: ["--config-file=config/besu.toml"],
      folder: node,
      BESU_OPTS: "-Dbesu.plugins.dir=plugins -Dmine=1",
      JAVA_OPTS: "-Xmx2g",
    });
  });

  it("does not start twice", async () => {
    await run("start");
    const second = await run("start");
    expect(second.code).to.equal(1);
    expect(second.words).to.match(/the node runs already, process \d+/);
  });

  it("starts again after a kill that left its process number behind", async () => {
    await run("start");
    await untilWell();
    process.kill(Number(readFileSync(join(node, "besu.pid"), "utf8")), "SIGKILL");
    await sleep(200);
    expect((await run("start")).code).to.equal(0);
    expect((await untilWell()).code).to.equal(0);
  });

  it("is unwell when its newest block is old, for instance because too many validators are down", async () => {
    await run("start", { FAKE_BLOCK_AGE: "300" });
    for (let tries = 0; tries < 50 && /no answer/.test((await run("health")).words); tries++) await sleep(100);
    const ended = await run("health");
    expect(ended.code).to.equal(1);
    expect(ended.words).to.match(/^unwell: block 4\d is 30\d s old/);
  });

  it("does not start without Besu, without its key, or with a key that others can read", async () => {
    const key = join(node, "keys/node.key");
    const content = readFileSync(key, "utf8");
    expect((await run("start", { BESU_HOME: join(shop.root, "nowhere") })).words).to.match(
      /can not be run: set BESU_HOME/,
    );
    chmodSync(key, 0o644);
    expect((await run("start")).words).to.match(/others can read the keys/);
    rmSync(key);
    expect((await run("start")).words).to.match(/node\.key is missing/);
    writeFileSync(key, content, { mode: 0o600 });
    expect((await run("start")).code).to.equal(0);
  });

  it("has settings that name only files of the package, and each only once", () => {
    const settings = readFileSync(join(node, "config/besu.toml"), "utf8");
    const lines = settings.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    for (const line of lines) expect(line).to.match(/^[a-z0-9-]+ = (".*"|\d+|true|false|\[.*\])$/);
    const names = lines.map((line) => line.split(" = ")[0]);
    expect(new Set(names).size).to.equal(names.length);
    for (const file of ["genesis-file", "static-nodes-file", "node-private-key-file"]) {
      const path = new RegExp(`^${file} = "(.*)"$`, "m").exec(settings)?.[1] as string;
      expect(existsSync(join(node, path)), path).to.equal(true);
    }
    expect(settings)
      .to.contain('plugins = ["BropPlugin"]')
      .and.to.match(/rpc-http-api = .*"BROP"/);
    expect(settings).to.contain("min-gas-price = 0").and.to.contain('sync-mode = "FULL"');
    expect(settings).to.contain("target-gas-limit = 60000000");
  });

  it("tells the plugin from which block on a rule holds, where the consortium says so", async () => {
    const other = workshop();
    try {
      const content = {
        ...consortiumOf(1),
        network: { name: "x", chainId: 9, activations: { allowance: 120_000, quota: 7 } },
      };
      await other.init(content);
      await unpack(join(other.directory, "packages/partner.tar.gz"), other.root);
      const settings = readFileSync(join(other.root, "partner/config/besu.toml"), "utf8");
      expect(settings).to.contain('plugin-brop-activations = "allowance:120000,quota:7"');
    } finally {
      other.remove();
    }
  });

  it("has a container description in the form of compose", () => {
    const compose = parse(readFileSync(join(node, "compose.yaml"), "utf8"));
    expect(compose.services.node.image).to.match(/^hyperledger\/besu:\d+\.\d+\.\d+$/);
    expect(compose.services.node.healthcheck.test).to.deep.equal(["CMD", "/node/bin/health"]);
    expect(compose.services.node.network_mode).to.equal("host");
  });

  it("has programs that the shells read without complaint", () => {
    for (const program of ["start", "stop"]) {
      expect(spawnSync("sh", ["-n", join(node, "bin", program)]).status).to.equal(0);
    }
    for (const program of ["health", "status", "ask"]) {
      expect(spawnSync("bash", ["-n", join(node, "bin", program)]).status).to.equal(0);
    }
  });

  it("has service units of its own name, the access node's also for the services", () => {
    const unit = readFileSync(join(node, "systemd/brop-partner.service"), "utf8");
    expect(unit).to.contain("ExecStart=/opt/brop/partner/bin/start --foreground").and.to.contain("Restart=on-failure");
    const access = join(shop.root, "my nodes/access-1");
    expect(readFileSync(join(access, "systemd/brop-access-1-services.service"), "utf8")).to.contain("services.env");
    const environment = readFileSync(join(access, "services/services.env"), "utf8");
    expect(environment)
      .to.match(/^BROP_RPC_URL=http:\/\/127\.0\.0\.1:31450$/m)
      .and.to.match(/^BROP_CHAIN_ID=84299$/m)
      .and.to.match(/^BROP_TRUST=.*\/config\/genesis\.json$/m);
    expect(existsSync(join(access, "config/genesis.json"))).to.equal(true);
    expect(existsSync(join(node, "services"))).to.equal(false);
  });

  it("has a page that tells whoever installs it what to do", () => {
    const page = readFileSync(join(node, "README.md"), "utf8");
    for (const words of ["sha256sum -c partner.tar.gz.sha256", "systemctl enable --now brop-partner", "bin/health"]) {
      expect(page).to.contain(words);
    }
    expect(page).to.not.match(/undefined|\{\{/);
  });
});
