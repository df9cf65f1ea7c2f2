import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Wallet } from "ethers";
import { findBesu } from "../../src/network/local/besu-home.ts";
import { followLogs, type LogLine } from "../../src/network/local/logs.ts";
import { consensusOf } from "../../src/network/local/status.ts";
import { trialIn } from "../../src/network/local/trial.ts";
import { isPossessionProof } from "../../src/network/node-key.ts";
import { brop, type Ended } from "../cli/support/brop.ts";
import { rejection } from "../support/rejection.ts";
import { consortiumOf, entry, type Workshop, workshop } from "./support/consortium-file.ts";
import { fakeBesu } from "./support/fake-besu.ts";
import { freePorts } from "./support/ports.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

// Real nodes are in trial.test.ts. Here a program stands in Besu's place: what these tests are about is the handling.
describe("A network on one machine", function () {
  this.timeout(120_000);
  let shop: Workshop;
  let besu: string;

  beforeEach(async () => {
    shop = workshop();
    besu = fakeBesu(shop.root);
  });
  afterEach(async () => {
    if (existsSync(shop.directory)) await network("stop");
    shop.remove();
  });

  /** Runs `brop network ...` on the network of this test. */
  function network(...args: string[]): Promise<Ended> {
    const [command = "", ...rest] = args;
    const environment = { BESU_HOME: besu };
    return brop(["network", command, "--dir", shop.directory, ...rest], { cwd: shop.root, environment });
  }

  async function twoNodes(): Promise<void> {
    await shop.init({
      ...consortiumOf(0),
      validators: [{ ...entry("one", 0, { seat: "generate" }), ports: await freePorts() }],
      fullNodes: [{ ...entry("two", 1), ports: await freePorts() }],
      accessNodes: [],
    });
  }

  const json = ({ stdout }: Ended) => JSON.parse(stdout);
  const run = (...path: string[]) => join(shop.directory, "run", ...path);

  it("is installed from its packages, started, shown and stopped", async () => {
    await twoNodes();
    const up = await network("up", "--nodes-only", "--json");
    expect(up.code, up.stdout).to.equal(0);
    expect(json(up)).to.deep.include({ network: "trial", chainId: 84_299 });
    expect(json(up).block).to.be.greaterThan(42);
    for (const node of ["one", "two"]) {
      expect(statSync(run(node, "keys/node.key")).mode & 0o777).to.equal(0o600);
      expect(existsSync(run(node, "besu.pid"))).to.equal(true);
    }

    const status = json(await network("status", "--json"));
    expect(status.nodes.map(({ name }: { name: string }) => name)).to.deep.equal(["one", "two"]);
    expect(status.nodes[0]).to.deep.include({
      kind: "validator",
      round: 2,
      seals: 3,
      validators: 2,
      peers: 4,
      pool: 7,
    });
    expect(status.nodes[0].process).to.be.a("number");
    const table = (await network("status")).stdout;
    expect(table)
      .to.match(/NODE +KIND +PROCESS +BLOCK/)
      .and.to.match(/one +validator +\d+ +\d+ +\d+ s .* 3 of 2 +4 +7/);

    expect((await network("stop")).stdout).to.contain("Everything is kept");
    const stopped = json(await network("status", "--json"));
    expect(stopped.nodes[0]).to.deep.equal({ name: "one", kind: "validator", address: stopped.nodes[0].address });
  });

  it("goes on with what runs, and starts what does not", async () => {
    await twoNodes();
    await network("up", "--nodes-only");
    const before = readFileSync(run("one/besu.pid"), "utf8");
    process.kill(Number(readFileSync(run("two/besu.pid"), "utf8")), "SIGKILL");
    expect((await network("up", "--nodes-only")).code).to.equal(0);
    expect(readFileSync(run("one/besu.pid"), "utf8")).to.equal(before);
    const { nodes } = json(await network("status", "--json"));
    expect(nodes[1].block).to.be.a("number");
  });

  it("has the keys of operator and seats in one folder, closed to others", async () => {
    await twoNodes();
    await network("up", "--nodes-only");
    const keys = run("services/keys");
    expect(readdirSync(keys).sort()).to.deep.equal(["one-seat.json", "operator.json"]);
    for (const name of readdirSync(keys)) expect(statSync(join(keys, name)).mode & 0o777).to.equal(0o600);
    const listed = await brop(["keys", "list", "--keys", keys, "--json"], { cwd: shop.root });
    expect(json(listed).keys).to.have.length(2);
  });

  it("tells the last words of a node that ended", async () => {
    await twoNodes();
    rmSync(join(besu, "bin/besu"));
    const { code, stderr } = await network("up", "--nodes-only");
    expect(code).to.equal(1);
    expect(stderr).to.contain("network.besu-missing").and.to.contain("BESU_HOME");

    besu = fakeBesu(join(shop.root, "broken"), 'console.error("genesis is damaged"); process.exit(1);');
    const broken = await network("up", "--nodes-only");
    expect(broken.code).to.equal(1);
    expect(broken.stderr).to.contain("network.stalled").and.to.contain("genesis is damaged");
  });

  it("shows the logs of one node or all, as words and as JSON", async () => {
    await twoNodes();
    await network("up", "--nodes-only");
    expect((await network("logs", "one")).stdout).to.equal("fake besu listens\n");
    expect((await network("logs")).stdout).to.contain("two | fake besu listens");
    expect(json(await network("logs", "two", "--json")).lines).to.deep.equal([
      { source: "two", line: "fake besu listens" },
    ]);
    expect((await network("logs", "three")).stderr).to.contain("must be one of one, two, services");
  });

  it("follows a log line by line, also when it is emptied in between", async () => {
    await twoNodes();
    const log = join(shop.root, "node.log");
    appendFileSync(log, "old line\n");
    const lines: LogLine[] = [];
    const controller = new AbortController();
    const following = followLogs(new Map([["node", log]]), (line) => lines.push(line), controller.signal);
    const until = async (count: number) => {
      for (let tries = 0; tries < 100 && lines.length < count; tries++)
        await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await new Promise((resolve) => setTimeout(resolve, 400));
    appendFileSync(log, "first ");
    appendFileSync(log, "line\nsecond line\n");
    await until(2);
    rmSync(log);
    appendFileSync(log, "new\n");
    await until(3);
    controller.abort();
    await following;
    expect(lines.map(({ line }) => line)).to.deep.equal(["first line", "second line", "new"]);
  });

  it("leaves what was started running when it is interrupted, and says so", async () => {
    await twoNodes();
    // Never answers: the blocks are waited for until Ctrl-C.
    besu = fakeBesu(join(shop.root, "mute"), "setInterval(() => undefined, 1000);");
    const ended = await interrupted(["network", "up", "--nodes-only", "--dir", shop.directory], shop.root, besu, () =>
      existsSync(run("two/besu.pid")),
    );
    expect(ended.code).to.equal(130);
    expect(ended.stderr).to.contain("interrupted: what was started runs on");
    const { nodes } = json(await network("status", "--json"));
    for (const node of nodes) expect(node.process).to.be.a("number");
  });

  it("is wiped only when told so, and begins again with the same packages", async () => {
    await twoNodes();
    await network("up", "--nodes-only");
    const refused = await network("wipe");
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain("--yes");
    expect(existsSync(run("one"))).to.equal(true);
    const { nodes } = json(await network("up", "--nodes-only", "--json"));
    expect((await network("wipe", "--yes")).code).to.equal(0);
    expect(existsSync(run())).to.equal(false);
    expect(await fetch(nodes[0].rpc).catch(() => "no answer")).to.equal("no answer");
    expect((await network("up", "--nodes-only")).code).to.equal(0);
  });

  it("does not install a package that is not the one that was made", async () => {
    await twoNodes();
    appendFileSync(join(shop.directory, "packages/two.tar.gz"), "x");
    const { stderr } = await network("up", "--nodes-only");
    expect(stderr).to.contain("network.archive-wrong");
    expect(existsSync(run("two"))).to.equal(false);
  });

  it("is refused for nodes elsewhere, for too many, and where there is none", async () => {
    expect((await network("up")).stderr).to.contain("network.not-founded");
    await shop.init({ ...consortiumOf(1), fullNodes: [{ ...entry("partner", 60), host: "10.0.0.1" }] });
    const error = await rejection(Promise.resolve().then(() => trialIn(shop.directory)));
    expect(error?.code).to.equal("network.not-local");
    expect(error?.details.elsewhere).to.deep.equal(["partner"]);
    rmSync(shop.directory, { recursive: true });
    await shop.init(consortiumOf(6));
    expect((await rejection(Promise.resolve().then(() => trialIn(shop.directory))))?.code).to.equal(
      "network.not-local",
    );
  });

  it("starts nothing when somebody else has the platform's port", async () => {
    const server = createServer((_request, response) => response.end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await shop.init({
      ...consortiumOf(1),
      fullNodes: [],
      accessNodes: [{ ...entry("access-1", 50, { relay: "generate", platformPort: port }), ports: await freePorts() }],
    });
    const { code, stdout } = await network("up", "--json");
    server.close();
    expect(code).to.equal(1);
    expect(JSON.parse(stdout).error).to.deep.include({ code: "port.taken", port });
    expect(existsSync(run())).to.equal(false);
  });

  it("finds Besu by BESU_HOME, else on the path", async () => {
    expect(findBesu(besu, "")).to.equal(besu);
    expect(findBesu(undefined, `/nowhere:${join(besu, "bin")}`)).to.equal(undefined);
    const code = async (home: string | undefined) =>
      (await rejection(Promise.resolve().then(() => findBesu(home, "/nowhere"))))?.code;
    expect([await code(undefined), await code(shop.root)]).to.deep.equal([
      "network.besu-missing",
      "network.besu-missing",
    ]);
  });

  it("reads round and seals out of a block's extra data", () => {
    const seals = `b841${"11".repeat(65)}`.repeat(3);
    const inRound = (round: string) => `0xf8ef${`a0${"00".repeat(32)}`}c0c0${round}f8c9${seals}`;
    expect(consensusOf(inRound("80"))).to.deep.equal({ round: 0, seals: 3 });
    expect(consensusOf(inRound("07"))).to.deep.equal({ round: 7, seals: 3 });
  });

  it("proves possession of a key, for the proposal that admits its node", async () => {
    await twoNodes();
    const [one] = readdirSync(join(shop.directory, "packages"));
    expect(one).to.contain("one");
    await network("up", "--nodes-only");
    const seat = Wallet.createRandom().address;
    const key = run("two/keys/node.key");
    const { node, proof } = json(await network("prove", key, "--seat", seat, "--json"));
    expect(node).to.equal(new Wallet(readFileSync(key, "utf8").trim()).address);
    expect(isPossessionProof(proof, node, seat, 84_299)).to.equal(true);
    const elsewhere = json(await network("prove", key, "--seat", seat, "--chain-id", "5", "--json"));
    expect(isPossessionProof(elsewhere.proof, node, seat, 5)).to.equal(true);
  });
});

/** Runs a command and sends it SIGINT when a condition holds. */
async function interrupted(args: string[], cwd: string, besu: string, when: () => boolean): Promise<Partial<Ended>> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...process.env, BESU_HOME: besu } });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => {
    stderr += text;
  });
  const timer = setInterval(() => {
    if (!when()) return;
    clearInterval(timer);
    setTimeout(() => child.kill("SIGINT"), 1_000);
  }, 100);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}
