import { expect } from "chai";
import { hexlify, randomBytes, type Wallet } from "ethers";
import { recordId } from "../../src/core/record-id.ts";
import { toRpc } from "../../src/core/user-operation.ts";
import { createRecordInput } from "../../src/sdk/index.ts";
import { type Body, Running } from "./running.ts";

const anyDigest = () => hexlify(randomBytes(32));

describe("what may be handed over, and who sees it", function () {
  this.timeout(60_000);
  let running: Running;
  let key: string;
  let account: string;
  let wallet: Wallet;

  before(async function () {
    this.timeout(180_000);
    running = await Running.start();
    ({ userWallet: wallet } = running.people);
    account = running.people.user.address;
    key = await running.key();
  });
  after(() => running?.stop());

  const post = (path: string, body: object, headers = {}) => running.ask("POST", `/v1${path}`, key, body, headers);
  const get = (path: string) => running.ask("GET", `/v1${path}`, key);
  const sign = (hash: string, by = wallet) => by.signingKey.sign(hash).serialized;
  const signatureOf = (submission: Body, by = wallet) => ({ signature: sign(submission.hash, by) });
  const refusal = ({ status, body }: { status: number; body: Body }) => [status, body.code];

  function recordCall(digest: string) {
    const { records } = running.people.brop.contracts;
    const data = records.interface.encodeFunctionData("record", [createRecordInput({ digest })]);
    return { to: running.people.brop.addresses.records, data };
  }

  describe("any call", () => {
    it("goes by contract, function and arguments, or as bytes, all or none", async () => {
      const [one, two] = [anyDigest(), anyDigest()];
      const byName = { contract: "Records", function: "record", arguments: [createRecordInput({ digest: one })] };
      const prepared = await post("/operations", { account, calls: [byName, recordCall(two)] });
      expect(prepared.status, JSON.stringify(prepared.body)).to.equal(201);
      const end = await post(`/submissions/${prepared.body.id}/signature?wait=included`, signatureOf(prepared.body));
      expect(end.body).to.include({ state: "included", success: true });
      const { records } = running.people.brop.contracts;
      for (const digest of [one, two]) {
        expect((await records.recordOf(recordId(account, digest, `0x${"00".repeat(32)}`))).status).to.equal(1n);
      }
    });

    it("takes arguments by their names", async () => {
      const calls = [{ contract: "Records", function: "openObject", arguments: { key: anyDigest(), writers: [] } }];
      expect((await post("/operations", { account, calls })).status).to.equal(201);
    });

    it("names what is wrong with a call", async () => {
      const good = { contract: "Records", function: "record", arguments: [createRecordInput({ digest: anyDigest() })] };
      const cases: [object, string][] = [
        [{ ...good, contract: "Nothing" }, "calls/1/contract"],
        [{ ...good, contract: "toString" }, "calls/1/contract"],
        [{ ...good, contract: account }, "calls/1/contract"],
        [{ ...good, function: "recordAll" }, "calls/1/function"],
        [{ ...good, function: "recordOf", arguments: [anyDigest()] }, "calls/1/function"],
        [{ ...good, arguments: [] }, "calls/1/arguments"],
        [{ ...good, arguments: [{ digest: "0x12" }] }, "calls/1/arguments"],
        [{ ...good, arguments: { inputs: 1 } }, "calls/1/arguments"],
        [{ ...good, arguments: { input: "\u0000" } }, "calls/1/arguments/input"],
        [{ contract: "Records" }, "calls/1"],
        [{ ...good, to: account, data: "0x" }, "calls/1"],
        [{ to: "0x12", data: "0x" }, "calls/1/to"],
        [{ to: account, data: "0x1" }, "calls/1/data"],
      ];
      for (const [call, field] of cases) {
        const answer = await post("/operations", { account, calls: [good, call] });
        expect([...refusal(answer), answer.body.field], JSON.stringify(call)).to.deep.equal([
          400,
          "request.invalid",
          field,
        ]);
      }
    });

    it("refuses contracts that are not the platform's, before anybody signs", async () => {
      const calls = [{ to: `0x${"77".repeat(20)}`, data: "0x12345678" }];
      expect(refusal(await post("/operations", { account, calls }))).to.deep.equal([403, "quota.unpriced"]);
    });

    it("is either an operation or calls", async () => {
      const operation = toRpc(await running.people.user.signCalls([recordCall(anyDigest())]));
      for (const body of [
        {},
        { account },
        { operation, account },
        { operation: {} },
        { operation: { ...operation, signature: "0x" } },
      ]) {
        expect(refusal(await post("/operations", body)), JSON.stringify(body)).to.deep.equal([400, "request.invalid"]);
      }
      const initCode = { ...operation, factory: account, factoryData: "0x" };
      expect(refusal(await post("/operations", { operation: initCode }))).to.deep.equal([
        403,
        "operation.initcode-refused",
      ]);
    });
  });

  describe("tenancy", () => {
    it("shows nobody what another tenant handed over", async () => {
      const { body } = await post("/records", { account, digest: anyDigest() });
      const stranger = await running.key("operator", ["*"]);
      const asked = (method: "GET" | "POST", path: string, given?: object) =>
        running.ask(method, `/v1${path}`, stranger, given);
      expect((await asked("GET", "/submissions")).body.items).to.deep.equal([]);
      expect(refusal(await asked("GET", `/submissions/${body.id}`))).to.deep.equal([404, "resource.not-found"]);
      expect(refusal(await asked("GET", `/submissions/${body.id}?wait=included`))[0]).to.equal(404);
      expect(refusal(await asked("POST", `/submissions/${body.id}/signature`, signatureOf(body)))[0]).to.equal(404);
      expect((await get(`/submissions/${body.id}`)).body.state).to.equal("received");
    });

    it("lets two tenants hand over the same operation, each with a submission of its own", async () => {
      const operation = toRpc(await running.people.user.signCalls([recordCall(anyDigest())]));
      const other = await running.key();
      const mine = await post("/operations", { operation });
      const theirs = await running.ask("POST", "/v1/operations?wait=included", other, { operation });
      expect(theirs.body.id).to.not.equal(mine.body.id);
      expect(theirs.body.state).to.equal("included");
      expect((await get(`/submissions/${mine.body.id}?wait=included`)).body.state).to.equal("included");
    });

    it("needs a key with the scope", async () => {
      const without = await running.key("partner", ["subscriptions"]);
      const body = { account, digest: anyDigest() };
      expect((await running.ask("POST", "/v1/records", without, body)).status).to.equal(403);
      expect((await running.ask("GET", "/v1/submissions", "brop_nothing")).status).to.equal(401);
    });
  });

  describe("lists", () => {
    it("have filters and pages, newest first", async () => {
      const own = await running.key();
      const ids: string[] = [];
      for (let number = 0; number < 5; number++) {
        const { body } = await running.ask("POST", "/v1/records", own, { account, digest: anyDigest() });
        ids.unshift(body.id);
      }
      const listed = async (query: string) => (await running.ask("GET", `/v1/submissions?${query}`, own)).body;
      const first = await listed("limit=3");
      const second = await listed(`limit=3&cursor=${first.next}`);
      expect([...first.items, ...second.items].map((item: Body) => item.id).sort()).to.deep.equal([...ids].sort());
      expect(second.next).to.equal(null);
      expect((await listed("state=included")).items).to.deep.equal([]);
      expect((await listed("state=received&kind=record")).items).to.have.length(5);
      const [{ hash }] = first.items;
      expect((await listed(`hash=${hash}`)).items).to.have.length(1);
      expect((await listed(`account=${running.people.partner.address}`)).items).to.deep.equal([]);
      for (const query of [
        "kind=%00",
        "batch=x",
        "state=open",
        `cursor=${Buffer.from('[1,"\\u0000"]').toString("base64url")}`,
      ]) {
        expect((await running.ask("GET", `/v1/submissions?${query}`, own)).status, query).to.equal(400);
      }
    });
  });

  describe("waiting", () => {
    it("ends with 202 when patience is over", async () => {
      const { body } = await post("/records", { account, digest: anyDigest() });
      const pending = await get(`/submissions/${body.id}?wait=included&timeout=1`);
      expect([pending.status, pending.body.state]).to.deep.equal([202, "received"]);
      const early = await post("/records?wait=included&timeout=1", { account, digest: anyDigest() });
      expect([early.status, early.body.state]).to.deep.equal([202, "received"]);
    });

    it("refuses other words and patience without end", async () => {
      for (const query of ["wait=forever", "wait=included&timeout=0", "wait=included&timeout=100000", "timeout=x"]) {
        const answer = await get(`/submissions/submission_${"0".repeat(24)}?${query}`);
        expect(refusal(answer), query).to.deep.equal([400, "request.invalid"]);
      }
    });
  });
});
