import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { createNodeKey, identityOf } from "../../src/network/node-key.ts";
import { rejection } from "../support/rejection.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";
import { fakeBesu } from "./support/fake-besu.ts";
import { freePorts } from "./support/ports.ts";

const HSM = { library: "/usr/lib/softhsm/libsofthsm2.so", slot: 3, alias: "validator key" };
const DIGEST = createHash("sha256").update("the HSM plugin").digest("hex");

describe("The package of a node with its key in a token", function () {
  this.timeout(60_000);
  let shop: Workshop;
  let jar: string;
  let node: string;
  let besu: string;
  let content: ReturnType<typeof consortiumOf>;

  before(async () => {
    shop = workshop();
    besu = fakeBesu(shop.root);
    jar = join(shop.root, "hsm.jar");
    writeFileSync(jar, "the HSM plugin");
    const { publicKey } = identityOf(createNodeKey());
    content = consortiumOf(1);
    content.fullNodes = [{ ...entry("vault", 60, { key: { publicKey, hsm: HSM } }), ports: await freePorts() }];
    await shop.init(content, { hsmPlugin: jar, hsmPluginDigest: DIGEST });
    node = (await shop.unpacked()).vault as string;
    mkdirSync(join(node, "keys"), { mode: 0o700 });
  });
  afterEach(() => run("stop"));
  after(() => shop.remove());

  function run(program: string, environment: Record<string, string> = {}) {
    const env = { PATH: process.env.PATH ?? "", BESU_HOME: besu, ...environment };
    return new Promise<{ code: number; words: string }>((resolve) => {
      execFile(join(node, "bin", program), { env, cwd: "/" }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), words: `${stdout}${stderr}` });
      });
    });
  }

  async function calledWith(environment: Record<string, string> = {}): Promise<{ args: string[]; JAVA_OPTS: string }> {
    const called = join(node, "called.json");
    rmSync(called, { force: true });
    const { code, words } = await run("start", environment);
    expect(code, words).to.equal(0);
    for (let tries = 0; tries < 100 && !existsSync(called); tries++) await sleep(50);
    await sleep(50);
    return JSON.parse(readFileSync(called, "utf8"));
  }

  it("starts with the PIN of a file that the node's user alone can read", async () => {
    expect((await run("start")).words).to.contain("the token's PIN is missing: keys/hsm-pin");
    writeFileSync(join(node, "keys/hsm-pin"), "2718\n", { mode: 0o644 });
    expect((await run("start")).words).to.contain("others can read the keys");
    rmSync(join(node, "keys/hsm-pin"));
    writeFileSync(join(node, "keys/hsm-pin"), "2718\n", { mode: 0o600 });
    const { args, JAVA_OPTS } = await calledWith();
    expect(args).to.deep.equal(["--config-file=config/besu.toml"]);
    expect(JAVA_OPTS).to.equal("-Xmx2g --enable-native-access=ALL-UNNAMED");
    expect(readFileSync(join(node, "config/besu.toml"), "utf8")).to.contain(
      'plugin-hsm-password-path = "keys/hsm-pin"',
    );
    rmSync(join(node, "keys/hsm-pin"));
  });

  it("starts with the PIN that systemd hands over, and its unit asks for that", async () => {
    const credentials = join(shop.root, "my credentials");
    mkdirSync(credentials, { recursive: true });
    writeFileSync(join(credentials, "hsm-pin"), "2718");
    const { args } = await calledWith({ CREDENTIALS_DIRECTORY: credentials });
    expect(args).to.deep.equal([
      "--config-file=config/besu.toml",
      `--plugin-hsm-password-path=${join(credentials, "hsm-pin")}`,
    ]);
    const unit = readFileSync(join(node, "systemd/brop-vault.service"), "utf8");
    expect(unit).to.match(/^LoadCredential=hsm-pin:\/etc\/brop\/vault\.hsm-pin$/m);
    const page = readFileSync(join(node, "README.md"), "utf8");
    expect(page).to.contain("/etc/brop/vault.hsm-pin").and.to.contain("plugins/besu-hsm-plugin.jar");
  });

  it("does not start without the plugin, or with another than the network agreed on", async () => {
    const path = join(node, "plugins/besu-hsm-plugin.jar");
    writeFileSync(path, "another plugin");
    expect((await run("start")).words).to.contain("is not the plugin that the network agreed on");
    rmSync(path);
    expect((await run("start")).words).to.contain("besu-hsm-plugin.jar is missing");
    writeFileSync(path, "the HSM plugin");
    expect((await run("start")).words).to.contain("the token's PIN is missing");
  });

  it("is made with the plugin that was agreed on only, and tells later packages its digest", async () => {
    const other = join(shop.root, "other.jar");
    writeFileSync(other, "another plugin");
    const { publicKey } = identityOf(createNodeKey());
    const later = {
      ...content,
      fullNodes: [...content.fullNodes, entry("late", 61, { key: { publicKey, hsm: HSM } })],
    };
    for (const wrong of [{ hsmPlugin: other }, { hsmPluginDigest: "00".repeat(32) }]) {
      expect((await rejection(shop.init(later, wrong)))?.code).to.equal("network.archive-wrong");
    }
    await shop.init(later);
    const late = (await shop.unpacked()).late as string;
    expect(existsSync(join(late, "plugins/besu-hsm-plugin.jar"))).to.equal(false);
    expect(readFileSync(join(late, "plugins/besu-hsm-plugin.jar.sha256"), "utf8")).to.equal(
      `${DIGEST}  plugins/besu-hsm-plugin.jar\n`,
    );
    const { record } = await shop.init(later, { hsmPlugin: other, remake: true });
    expect(record.hsmPlugin).to.equal(createHash("sha256").update("another plugin").digest("hex"));
  });
});
