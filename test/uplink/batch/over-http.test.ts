import { expect } from "chai";
import { hexlify, id, randomBytes, ZeroHash } from "ethers";
import { LocalSigner } from "../../../src/chain/signing/local-signer.ts";
import { batchMultiPathFault } from "../../../src/core/batch/multi-path.ts";
import { batchPathFault } from "../../../src/core/batch/path.ts";
import { RECORD_BYTES } from "../../../src/core/batch/serialised-records.ts";
import { OPERATION_TYPES, operationDomain } from "../../../src/core/operation-typed-data.ts";
import { signWith } from "../../../src/platform/services/batches.ts";
import { createRecordInput } from "../../../src/sdk/index.ts";
import { ContractBook } from "../../../src/uplink/forms/contract-book.ts";
import { someRecords } from "../../core/record-fixtures.ts";
import { type Answer, type Body, Running } from "../running.ts";
import { serialised } from "./batch-fakes.ts";

const anyDigest = () => hexlify(randomBytes(32));

describe("records in batches over HTTP", function () {
  this.timeout(120_000);
  let running: Running;
  /** Of the partner's account, for which the platform signs; and of somebody else, for whom it does not. */
  let own: string;
  let other: string;
  let account: string;

  before(async () => {
    running = await Running.start({
      signAnchors: async (operation, hash) => {
        const signer = new LocalSigner(running.people.partnerWallet.privateKey);
        return signWith(running.db, Number(running.people.brop.chainId), [signer])(operation, hash);
      },
    });
    running.batcher.start();
    account = running.people.partner.address;
    own = await running.key("partner", ["submissions"], account.toLowerCase());
    other = await running.key();
  });
  after(() => running?.stop());

  const get = (path: string, key = own) => running.ask("GET", `/v1${path}`, key);
  const post = (path: string, body: object, key = own, headers = {}) =>
    running.ask("POST", `/v1${path}`, key, body, headers);

  async function send(type: string, body: Uint8Array | string, key = own, headers = {}): Promise<Answer> {
    const answer = await running.server.inject({
      ...{ method: "POST", url: `/v1/batch-records?account=${account}`, payload: Buffer.from(body) },
      headers: { authorization: `Bearer ${key}`, "content-type": type, ...headers },
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }
  const bytes = (body: Uint8Array, key = own, headers = {}) => send("application/octet-stream", body, key, headers);

  /** Waits for a record's state, with new blocks going by. */
  async function until(record: string, state: string): Promise<Body> {
    for (;;) {
      const { body } = await get(`/batch-records/${record}`);
      if (body.state === state) return body;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it("are taken, found by digest, anchored, proven on chain and off, and revoked by their owner", async () => {
    const records = someRecords(300, "over HTTP");
    const taken = await bytes(serialised(records));
    expect(taken.status, JSON.stringify(taken.body)).to.equal(201);
    expect(taken.body).to.include({ accepted: 300, refused: 0, account });
    expect(taken.body.results).to.deep.equal([]);
    const { portion } = taken.body;
    const { body: found } = await get(`/batch-records?digest=${records[17]?.digest}`, other);
    expect(found.items.map(({ id }: Body) => id)).to.deep.equal([`${portion}.17`]);
    expect(found.items[0]).to.include({ owner: account, digest: records[17]?.digest });

    const anchored = await until(`${portion}.17`, "anchored");
    expect(anchored).to.include({ index: 17, expectedBlock: null, revoked: null });
    expect((await get(`/batch-portions/${portion}`)).body).to.include({
      state: "anchored",
      recordCount: 300,
      firstIndex: 0,
    });
    const { body: proof } = await get(`/batch-records/${portion}.17/proof`, other);
    expect(batchPathFault(proof)).to.equal(undefined);
    const book = new ContractBook(running.db, running.rpc);
    const entry = await book.find("BatchAnchors");
    const onChainStatus = () => book.read(entry, "verify", [proof.anchor, proof.index, proof.input, proof.path]);
    expect(await onChainStatus()).to.equal(1n);
    const { body: many } = await get(`/batch-proofs?records=${portion}.3,${portion}.2,${portion}.299,${portion}.2`);
    expect(many.proofs).to.have.length(1);
    expect(many.proofs[0].leaves.map(({ index }: Body) => index)).to.deep.equal([2, 3, 299]);
    expect(batchMultiPathFault(many.proofs[0])).to.equal(undefined);
    const onChain = await get(`/batches/${proof.anchor}`);
    expect(onChain.body).to.include({ root: proof.root });

    const asked = await post(`/batch-records/${portion}.17/revocations`, { account, reason: id("wrong") });
    expect(asked.status, JSON.stringify(asked.body)).to.equal(201);
    const signature = running.people.partnerWallet.signingKey.sign(asked.body.hash).serialized;
    const end = await post(`/submissions/${asked.body.id}/signature?wait=included`, { signature });
    expect(end.body).to.include({ state: "included", success: true });
    expect((await get(`/batch-records/${portion}.17`)).body.revoked).to.include({ reason: id("wrong") });
    expect(await onChainStatus()).to.equal(2n);
  });

  it("wait for their signature where the account's key is not kept here, and say which one", async () => {
    const { body: taken } = await bytes(serialised(someRecords(3, anyDigest())), other);
    const record = `${taken.portion}.2`;
    const sealed = await until(record, "sealed");
    for (;;) {
      const { body } = await get(`/batch-records/${record}`);
      if (body.batch.submission !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const refused = await get(`/batch-records/${record}/proof`);
    expect(refused.status).to.equal(409);
    expect(refused.body).to.include({ code: "batch.not-anchored", state: "sealed" });
    const early = await get(`/batch-records/${record}/bundle`);
    expect([early.status, early.body.code]).to.deep.equal([409, "batch.not-anchored"]);
    const { body: list } = await get("/sealed-batches", other);
    expect(list.items[0]).to.include({ id: sealed.batch.id, state: "sealed" });
    expect((await get(`/sealed-batches/${sealed.batch.id}`, own)).status).to.equal(404);
    const { submission } = list.items[0];
    const { body: prepared } = await get(`/submissions/${submission}`, other);
    expect(prepared).to.include({ kind: "batch-anchor", state: "received" });
    const { message } = prepared.typedData;
    const chainId = running.people.brop.chainId;
    const signature = await running.people.partnerWallet.signTypedData(
      operationDomain(chainId),
      OPERATION_TYPES,
      message,
    );
    await post(`/submissions/${submission}/signature`, { signature }, other);
    expect((await until(record, "anchored")).batch).to.include({ submission });
  });

  it("are judged one by one, in JSON and in lines, and named by their place", async () => {
    const good = [anyDigest(), anyDigest()] as const;
    const items = [
      { digest: good[0], kind: 7, businessKey: "order-1", subject: "a lot of tea" },
      { digest: "0x12" },
      { digest: ZeroHash },
      { data: { a: 1 }, bytes: "AA==" },
      { digest: anyDigest(), colour: "red" },
      { digest: anyDigest(), schema: "orders" },
      7,
      { digest: good[1], algorithm: "sm3-256" },
    ];
    const { status, body } = await post("/batch-records", { account, items });
    expect(status, JSON.stringify(body)).to.equal(201);
    expect(body).to.include({ accepted: 2, refused: 6 });
    expect(body.results.map(({ id }: Body) => id)).to.deep.equal([
      `${body.portion}.0`,
      ...[null, null, null, null, null, null],
      `${body.portion}.1`,
    ]);
    expect(body.results[5].problem).to.include({ code: "request.invalid", field: "schema" });
    const stored = await get(`/batch-records/${body.portion}.0`);
    const input = createRecordInput(items[0] as { digest: string });
    expect(stored.body).to.include({
      digest: good[0],
      kind: 7,
      businessKey: input.businessKey,
      subject: input.subject,
    });
    expect((await get(`/batch-records/${body.portion}.1`)).body).to.include({ algorithm: "sm3-256", refersTo: null });

    const lines = [...items.slice(0, 2).map((item) => JSON.stringify(item)), "{", "", '{"digest":"\ud800"}'];
    const answer = await send("application/x-ndjson", `${lines.join("\n")}\r\n\n`);
    expect(answer.body, JSON.stringify(answer.body)).to.include({ accepted: 1, refused: 3 });
    expect(answer.body.results[2].problem.code).to.equal("request.malformed");
    const nothing = await send("application/x-ndjson", "{}\n");
    expect(nothing.body).to.include({ portion: null, accepted: 0, refused: 1, expectedBlock: null });

    const raw = serialised(someRecords(3, anyDigest()));
    raw[RECORD_BYTES + 32] = 0x99;
    const some = await bytes(raw);
    expect(some.body).to.include({ accepted: 2, refused: 1 });
    expect(some.body.results.map(({ item }: Body) => item)).to.deep.equal([1]);
    expect((await get(`/batch-records/${some.body.portion}.2`)).status).to.equal(404);
  });

  it("are taken as the OpenAPI document shows them", async () => {
    const { paths } = (await get("/openapi.json")).body;
    const { content } = paths["/v1/batch-records"].post.requestBody;
    const json = await post("/batch-records", { ...content["application/json"].example, account });
    expect(json.body, JSON.stringify(json.body)).to.include({ accepted: 2, refused: 0 });
    const lines = await send("application/x-ndjson", content["application/x-ndjson"].example);
    expect(lines.body, JSON.stringify(lines.body)).to.include({ accepted: 2, refused: 0 });
  });

  it("refuse what can never be anchored, and leave no trace of it", async () => {
    const count = async () => (await running.db.query("select 1 from batch_portions", [])).length;
    const before = await count();
    const one = serialised(someRecords(1, anyDigest()));
    for (const body of [new Uint8Array(0), one.subarray(1), new Uint8Array(135)]) {
      expect((await bytes(body)).status, `${body.length} bytes`).to.equal(400);
    }
    expect((await send("text/csv", "a,b")).status).to.equal(415);
    expect((await post("/batch-records", { items: [{ digest: anyDigest() }] })).body.field).to.equal("account");
    expect((await post("/batch-records", { account, items: [] })).status).to.equal(400);
    const stranger = `0x${"77".repeat(20)}`;
    const digest = anyDigest();
    expect((await post("/batch-records", { account: stranger, items: [{ digest }] })).status).to.equal(404);
    for (const wrong of [
      { digest, signature: "0x12" },
      { digest, schema: "orders" },
      { digest, gas: { callGasLimit: "1" } },
    ]) {
      const answer = await post("/records", { account, mode: "batch", ...wrong });
      expect(answer.status, JSON.stringify(answer.body)).to.equal(400);
    }
    expect((await post("/records", { account, mode: "bath", digest })).status).to.equal(400);
    const nobody = await running.server.inject({
      method: "POST",
      url: "/v1/batch-records",
      payload: { account, items: [] },
    });
    expect(nobody.statusCode).to.equal(401);
    expect(await count()).to.equal(before);
    for (const [path, status] of [
      ["/batch-records", 400],
      ["/batch-records?digest=0x12", 400],
      [`/batch-records?digest=${digest}`, 200],
      [`/batch-records/portion_${"0".repeat(24)}.0`, 404],
      ["/batch-records/portion_1.0", 400],
      [`/batch-records/portion_${"0".repeat(24)}.01`, 400],
      [`/batch-records/portion_${"0".repeat(24)}.0/bundle`, 404],
      ["/batch-records/portion_1.0/bundle", 400],
      [`/batch-portions/portion_${"0".repeat(24)}`, 404],
      ["/batch-proofs?records=", 400],
      ["/batch-proofs?records=x", 404],
      [`/batch-proofs?records=${Array.from({ length: 201 }, (_, at) => `x${at}`).join()}`, 400],
    ] as const) {
      expect((await get(path)).status, path).to.equal(status);
    }
  });

  it("are taken once, however often the request comes", async () => {
    const body = serialised(someRecords(5, anyDigest()));
    const headers = { "idempotency-key": `batch-${anyDigest()}` };
    const [first, second] = await Promise.all([bytes(body, own, headers), bytes(body, own, headers)]);
    expect(first?.body).to.deep.equal(second?.body);
    const third = await bytes(body, own, headers);
    expect(third.body).to.deep.equal(first?.body);
    expect(third.headers["idempotent-replayed"]).to.equal("true");
    expect((await bytes(body.slice(RECORD_BYTES), own, headers)).body.code).to.equal("idempotency.conflict");
    const rows = await running.db.query("select 1 from batch_portions where id = $1", [first?.body.portion]);
    expect(rows).to.have.length(1);
  });

  it("can be handed over one by one", async () => {
    const data = { order: 7, salt: anyDigest() };
    const { status, body } = await post("/records", { account, mode: "batch", data, businessKey: "order-7" });
    expect(status, JSON.stringify(body)).to.equal(201);
    expect(body).to.include({ state: "taken", index: null, batch: null, owner: account });
    expect(body.expectedBlock).to.be.a("number");
    const found = await get(`/batch-records?digest=${body.digest}`);
    expect(found.body.items[0].id).to.equal(body.id);
    expect((await until(body.id, "anchored")).batch.recordCount).to.be.greaterThan(0);
  });
});
