import { expect } from "chai";
import { id, Wallet } from "ethers";
import { interfaceOf } from "../../src/operator/context.ts";
import type { Database } from "../../src/store/database.ts";
import { revokeApiKey } from "../../src/store/queries/api-keys/api-keys.ts";
import { emptyTables } from "../store/databases.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { type Body, GROUND, makeKey, Office, type OfficeOptions } from "./office.ts";
import { TinyChain } from "./tiny-chain.ts";

const PARTNER = `0x${"ab".repeat(20)}`;
const SUSPENSION = `/partners/${PARTNER}/suspension`;
const BODY = { ground: GROUND };

describe("Asking the operator", function () {
  this.timeout(60_000);
  const operator = new Wallet(id("operator"));
  let chain: TinyChain;
  let office: Office;

  let db: Database;

  before(async () => {
    db = await openMigrated();
  });
  beforeEach(() => emptyTables(db));
  after(() => db.close());

  async function open(options: OfficeOptions = {}): Promise<void> {
    chain = new TinyChain();
    office = await Office.open({ rpc: chain, operator, seats: [new Wallet(id("seat"))] }, { db, ...options });
  }
  afterEach(() => office.close());

  it("is for operators with the scope, and nobody else", async () => {
    await open();
    const keys = await Promise.all([
      makeKey(office.db, "partner"),
      makeKey(office.db, "regulator"),
      makeKey(office.db, "bookkeeper"),
      makeKey(office.db, "operator", ["subscriptions", "data", "audit", "api-keys"]),
    ]);
    const revoked = await makeKey(office.db, "operator");
    await revokeApiKey(office.db, revoked.id, Date.now());
    for (const [method, path] of [
      ["POST", SUSPENSION],
      ["GET", "/acts"],
      ["GET", "/orders"],
      ["POST", "/acts/1/confirmation"],
      ["POST", "/deployment"],
    ] as const) {
      for (const { key } of keys) {
        const { status, body } = await office.ask(method, path, { key });
        expect([status, body.code], path).to.deep.equal([403, "access.forbidden"]);
      }
      for (const key of ["", "brop_0000000000000000_nonsense", revoked.key]) {
        expect((await office.ask(method, path, { key })).status, path).to.equal(401);
      }
    }
    expect(await office.db.query("select 1 from operator_acts", [])).to.deep.equal([]);
  });

  it("answers 202 while an act is under way, 200 once it has ended, with its address in either case", async () => {
    await open({ works: false });
    const asked = await office.ask("POST", SUSPENSION, { body: BODY });
    expect(asked.status).to.equal(202);
    expect(asked.headers.location).to.equal(`/v1/operator/acts/${asked.body.id}`);
    expect(asked.body).to.deep.include({ state: "received", transactions: [], endedAt: null, confirmation: null });
    const waited = await office.ask("GET", `/acts/${asked.body.id}?wait=done&timeout=1`);
    expect([waited.status, waited.body.state]).to.deep.equal([200, "received"]);
    await office.worker.start();
    const ended = await office.ask("GET", `/acts/${asked.body.id}?wait=done`);
    expect(ended.body.state).to.equal("done");
    expect(ended.body.requestId).to.equal(asked.headers["x-request-id"] ?? asked.body.requestId);
    await office.worker.stop();
  });

  it("refuses what is not well put, and stores nothing of it", async () => {
    await open();
    const zone = { signer: operator.address, salt: GROUND, digest: GROUND, expiresAt: "2030-01-31T00:00:00+08:00" };
    const cases: [string, object | undefined, string][] = [
      [SUSPENSION, {}, "ground"],
      [SUSPENSION, { ground: "because" }, "ground"],
      [SUSPENSION, { ...BODY, gas: 1 }, "gas"],
      ["/partners/0x12/suspension", BODY, ""],
      ["/applicants", zone, "expiresAt"],
      ["/applicants", { ...zone, expiresAt: "2030-02-31T99:00:00Z" }, "expiresAt"],
      ["/senders", { sender: PARTNER, kind: "king", allowance: 1 }, "kind"],
      ["/prices", { contract: "Nobody", prices: { record: 1 } }, "contract"],
      ["/prices", { contract: "Records", prices: { steal: 1 } }, "prices/steal"],
      ["/prices", { contract: "Records", prices: {} }, "prices"],
      ["/prices", { contract: "__proto__", prices: { record: 1 } }, "contract"],
      ["/prices", { contract: "Records", prices: { constructor: 1 } }, "prices/constructor"],
      ["/documents", { document: "privacy", digest: GROUND, location: "https://a.example/\0" }, ""],
      ["/orders/1/execution", { data: "0x" }, "data"],
      ["/orders/-1/report", { result: GROUND }, "order"],
      ["/timestamp-authorities/4294967296/retirement", BODY, "authority"],
    ];
    for (const [path, body, field] of cases) {
      const answer = await office.ask("POST", path, body === undefined ? {} : { body });
      expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).to.equal(400);
      if (field !== "") expect(answer.body.field, path).to.equal(field);
    }
    const half = { document: "privacy", digest: GROUND, location: "https://a.example/\ud800" };
    expect((await office.ask("POST", "/documents", { body: half })).body.code).to.equal("request.invalid");
    expect((await office.ask("GET", "/acts?requestedBy=%00")).status).to.equal(400);
    expect(await office.db.query("select 1 from operator_acts", [])).to.deep.equal([]);
  });

  describe("with an idempotency key", () => {
    it("carries the same request out once, however often it comes and however many at once", async () => {
      await open();
      const ask = () => office.ask("POST", `${SUSPENSION}?wait=done`, { body: BODY, idempotencyKey: '"monday 7"' });
      const answers = await Promise.all([ask(), ask(), ask()]);
      answers.push(await ask());
      expect(new Set(answers.map(({ body }) => body.id)).size).to.equal(1);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
      expect(chain.included).to.have.length(1);
    });

    it("refuses another body or another act under the same key, and leaves other people's keys alone", async () => {
      await open();
      await office.ask("POST", `${SUSPENSION}?wait=done`, { body: BODY, idempotencyKey: "one" });
      for (const [path, body] of [
        [SUSPENSION, { ground: id("another ground") }],
        [`/partners/${PARTNER}/termination`, BODY],
        [`/partners/0x${"cd".repeat(20)}/suspension`, BODY],
      ] as const) {
        const answer = await office.ask("POST", path, { body, idempotencyKey: "one" });
        expect([answer.status, answer.body.code], path).to.deep.equal([409, "idempotency.conflict"]);
      }
      const { key } = await makeKey(office.db, "operator");
      const other = await office.ask("POST", `${SUSPENSION}?wait=done`, { body: BODY, idempotencyKey: "one", key });
      expect(other.body.state).to.equal("done");
      expect(chain.included).to.have.length(2);
    });

    it("may try again what was refused, and refuses a key that is none", async () => {
      await open();
      chain.refuses = () => interfaceOf("Partners").encodeErrorResult("PartnerGroundMissing");
      const refused = await office.ask("POST", SUSPENSION, { body: BODY, idempotencyKey: "two" });
      expect([refused.status, refused.body.error]).to.deep.equal([422, "PartnerGroundMissing"]);
      chain.refuses = () => undefined;
      const done = await office.ask("POST", `${SUSPENSION}?wait=done`, { body: BODY, idempotencyKey: "two" });
      expect(done.body.state).to.equal("done");
      const bad = await office.ask("POST", SUSPENSION, { body: BODY, idempotencyKey: "two words" });
      expect([bad.status, bad.body.field]).to.deep.equal([400, "Idempotency-Key"]);
    });
  });

  describe("where two persons are needed", () => {
    const ask = async () => (await office.ask("POST", SUSPENSION, { body: BODY })).body as Body;
    const confirm = (act: number, key: string) => office.ask("POST", `/acts/${act}/confirmation?wait=done`, { key });

    it("signs nothing before somebody else has confirmed", async () => {
      await open({ needsConfirmation: true });
      const { id: act, confirmation } = await ask();
      expect(confirmation).to.deep.equal({ by: null, at: null });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(chain.included).to.deep.equal([]);
      expect((await office.ask("GET", "/acts?unconfirmed=true")).body.items.map((one: Body) => one.id)).to.deep.equal([
        act,
      ]);
      const second = await makeKey(office.db, "operator");
      const { status, body } = await confirm(act, second.key);
      expect([status, body.state]).to.deep.equal([200, "done"]);
      expect(body.confirmation.by).to.equal(second.id);
      expect(body.requestedBy).to.equal(office.keyId);
      expect((await office.ask("GET", "/acts?unconfirmed=true")).body.items).to.deep.equal([]);
      const again = await confirm(act, (await makeKey(office.db, "operator")).key);
      expect([again.status, again.body.code]).to.deep.equal([409, "operator.not-waiting"]);
      expect(chain.included).to.have.length(1);
    });

    it("takes no confirmation by who asked, by a key made with that one, or by the one that it was made with", async () => {
      await open({ needsConfirmation: true });
      const { id: act } = await ask();
      const child = await makeKey(office.db, "operator", ["*"], office.keyId);
      const grandchild = await makeKey(office.db, "operator", ["*"], child.id);
      for (const key of [office.key, child.key, grandchild.key]) {
        const answer = await confirm(act, key);
        expect([answer.status, answer.body.code]).to.deep.equal([403, "operator.second-person"]);
      }
      const asked = await office.ask("POST", SUSPENSION, { body: BODY, key: grandchild.key });
      expect((await confirm(asked.body.id, office.key)).body.code).to.equal("operator.second-person");
      const partner = await makeKey(office.db, "partner");
      expect((await confirm(act, partner.key)).body.code).to.equal("access.forbidden");
      expect((await confirm(999, child.key)).status).to.equal(404);
      expect(chain.included).to.deep.equal([]);
    });

    it("lets an act be withdrawn, for good", async () => {
      await open({ needsConfirmation: true });
      const { id: act } = await ask();
      const withdrawn = await office.ask("POST", `/acts/${act}/withdrawal`);
      expect(withdrawn.body).to.deep.include({ state: "refused" });
      expect(withdrawn.body.error.code).to.equal("operator.withdrawn");
      const second = await makeKey(office.db, "operator");
      expect((await confirm(act, second.key)).body.code).to.equal("operator.not-waiting");
      expect((await office.ask("POST", `/acts/${act}/withdrawal`)).body.code).to.equal("operator.not-waiting");
      expect(chain.included).to.deep.equal([]);
    });
  });
});
