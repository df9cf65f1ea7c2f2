import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { TimestampClient } from "../../src/timestamp/client/timestamp-client.ts";
import { testAccessNode } from "../support/access-node.ts";
import { testChain } from "../support/chain.ts";
import { SealingNode } from "../support/sealing-node.ts";
import { authorityOf, certifyIssuer, certifyStamping } from "../support/time-stamp-authorities.ts";
import { Running } from "../uplink/running.ts";
import { errorOf, type Stage, testPeopleStage } from "./support/stage.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("brop batch, and brop bundle with what verify makes of it", function () {
  this.timeout(180_000);
  const root = certifyIssuer("Root");
  const authority = authorityOf({ root, own: certifyStamping("Authority", root) });
  const client = new TimestampClient({
    ask: async (request) => authority.answer(request),
    ...{ trusted: [root.certificate], random: randomBytes, now: () => Date.now() },
  });
  const lot = `lot ${randomBytes(8).toString("hex")}`;
  let stage: Stage;
  let node: SealingNode;
  let running: Running;
  let surroundings: { environment: Record<string, string> };
  let ids: string[];

  before(async () => {
    stage = await testPeopleStage();
    node = await SealingNode.start(await testChain(), `${(await testAccessNode()).url}/rpc`);
    await stage.file("trust.json", JSON.stringify({ checkpoint: await node.checkpoint() }));
    await stage.file("root.der", root.certificate);
    await stage.file("lot.txt", lot);
    running = await Running.start({ bundlesFrom: node.url, timestamps: { client, now: () => Date.now() } });
    running.batcher.start();
    const url = await running.server.listen({ host: "127.0.0.1", port: 0 });
    surroundings = { environment: { BROP_RPC_URL: url, BROP_API_KEY: await running.key() } };
  });
  after(async () => {
    await running?.stop();
    await node?.stop();
  });

  const run = (...args: string[]) => stage.run(args, surroundings);
  const json = (...args: string[]) => stage.json(args, surroundings);

  it("hands a list over, signs its anchor, and notes each record's identifier", async () => {
    const neighbour = `{"digest":"0x${sha256(`${lot} neighbour`)}","kind":9}`;
    await stage.file("list.txt", `${sha256(lot)}  lot.txt\n${neighbour}\n`);
    const made = await json("batch", "add", "--list", "list.txt", "--as", "bank", "--anchored", "--receipts", "notes");
    expect(made).to.deep.include({ records: 2, state: "anchored", refused: [] });
    ids = made.ids;
    expect(readFileSync(join(stage.folder, "notes"), "utf8").split("\n")).to.deep.equal([
      `${ids[0]} 0x${sha256(lot)} lot.txt`,
      `${ids[1]} 0x${sha256(`${lot} neighbour`)} line 2`,
      "",
    ]);
    const [standing] = made.standing;
    expect(standing.batch).to.include({ recordCount: 2, account: made.account });
  });

  it("shows where a record stands, by its identifier and by its digest", async () => {
    const { stdout } = await run("batch", "show", ids[1] as string);
    expect(stdout)
      .to.match(/state +anchored\n/)
      .and.match(/place +1 of 2\n/);
    const found = await json("batch", "show", `0x${sha256(lot)}`);
    expect(found.records.map(({ id, state }: { id: string; state: string }) => [id, state])).to.deep.equal([
      [ids[0], "anchored"],
    ]);
  });

  it("hands nothing over when a line is no record, and says which records were refused", async () => {
    await stage.file("bad.txt", `${sha256("never")}\nnot a digest\n`);
    const bad = errorOf(await run("--json", "batch", "add", "--list", "bad.txt", "--as", "bank"));
    expect(bad).to.include({ code: "request.invalid", line: 2 });
    const rows = await running.db.query("select 1 from batch_portions", []);
    expect(rows).to.have.length(1);
    await stage.file("zero.txt", `${"0".repeat(64)}  nothing.pdf\n`);
    const zero = await run("batch", "add", "--list", "zero.txt", "--as", "bank");
    expect([zero.code, zero.stderr]).to.deep.equal([1, ""]);
    expect(zero.stdout).to.match(/1 refused[\s\S]*nothing\.pdf: request\.invalid/);
    expect((await run("batch", "add", "lot.txt", "--list", "list.txt", "--as", "bank")).code).to.equal(2);
  });

  it("proves a file by the bundle of a batch's record, without a network", async () => {
    await running.caughtUp();
    await json("bundle", ids[0] as string, "-o", "batch.bundle.json", "--state");
    const offline = { environment: { BROP_RPC_URL: "http://127.0.0.1:1" } };
    const verify = ["verify", "lot.txt", "--bundle", "batch.bundle.json", "--trust", "trust.json"];
    const words = await stage.run(verify, offline);
    expect(words.code, words.stdout).to.equal(0);
    expect(words.stdout)
      .to.contain("Proven")
      .and.match(/record 0 of 2 under the root/)
      .and.contain("valid as of block");
    await stage.file("lot-changed.txt", `${lot}!`);
    const changed = await stage.run(["verify", "lot-changed.txt", ...verify.slice(2), "--json"], offline);
    expect([changed.code, JSON.parse(changed.stdout).reason]).to.deep.equal([3, "content.differs"]);
  });

  it("proves a file by the bundle of a record of its own, with the time of an authority", async () => {
    const { id } = await json("record", "lot.txt", "--as", "ann");
    await running.caughtUp();
    await json("timestamp", "record", id);
    await json("bundle", id, "-o", "record.bundle.json", "--state");
    const verify = ["verify", "lot.txt", "--bundle", "record.bundle.json", "--trust", "trust.json"];
    const { state, statements } = await stage.json([...verify, "--authority", "root.der"]);
    expect(state).to.equal("proven");
    const named = Object.fromEntries(statements.map((one: { name: string; state: string }) => [one.name, one.state]));
    expect(named).to.include({ content: "proven", status: "proven", timestamp: "proven" });
  });
});
