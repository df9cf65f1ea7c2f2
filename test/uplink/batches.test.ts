import { expect } from "chai";
import { hexlify, id, randomBytes, type Wallet } from "ethers";
import { encodeExecute } from "../../src/core/execution.ts";
import { encodeSerial } from "../../src/core/serial.ts";
import { ENTRY_POINT, toRpc, type UserOperation, userOperationHash } from "../../src/core/user-operation.ts";
import { createRecordInput } from "../../src/sdk/index.ts";
import { type Body, Running } from "./running.ts";

const anyDigest = () => hexlify(randomBytes(32));
const MANY = 10_000;

describe("batches", function () {
  this.timeout(300_000);
  let running: Running;
  let key: string;
  let account: string;
  let wallet: Wallet;

  before(async () => {
    running = await Running.start();
    // A partner's quota carries ten thousand.
    wallet = running.people.partnerWallet;
    account = running.people.partner.address;
    key = await running.key();
  });
  after(() => running?.stop());

  const post = (path: string, body: object, headers = {}) => running.ask("POST", `/v1${path}`, key, body, headers);
  const get = (path: string) => running.ask("GET", `/v1${path}`, key);
  const sign = (hash: string) => wallet.signingKey.sign(hash).serialized;

  function operationOf(data: string, deadlineBlock: number): UserOperation {
    const operation = {
      sender: account,
      nonce: encodeSerial({ deadlineBlock }),
      callData: encodeExecute([{ target: running.people.brop.addresses.records, data }]),
      ...{ callGasLimit: 150_000n, verificationGasLimit: 200_000n, preVerificationGas: 60_000n },
      ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, signature: "0x" },
    };
    return { ...operation, signature: sign(userOperationHash(operation, ENTRY_POINT, 8420)) };
  }

  async function recordOperation(digest = anyDigest()): Promise<UserOperation> {
    const { records } = running.people.brop.contracts;
    const data = records.interface.encodeFunctionData("record", [createRecordInput({ digest })]);
    return operationOf(data, (await running.head()) + 150);
  }

  async function ended(batch: string): Promise<Body> {
    for (;;) {
      const { body } = await get(`/submission-batches/${batch}`);
      if (!("received" in body.items || "signed" in body.items || "submitted" in body.items)) return body;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  async function items(batch: string, query = ""): Promise<Body[]> {
    const all: Body[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await get(`/submission-batches/${batch}/items?limit=200${query}${cursor}`);
      all.push(...body.items);
      if (body.next === null) return all;
      cursor = `&cursor=${body.next}`;
    }
  }

  describe("of signed operations", () => {
    it("name the fault of each bad one, and bring all others to their ends", async () => {
      const good = await Promise.all([1, 2, 3].map(() => recordOperation()));
      const [first, second, third] = good.map(toRpc) as [Body, Body, Body];
      const spoiled = { ...toRpc(await recordOperation()), signature: sign(id("something else")) };
      const late = toRpc(operationOf("0x12345678", 1));
      const unpriced = toRpc(operationOf("0x12345678", (await running.head()) + 100));
      const sameSerial = { ...first, callGasLimit: "0x30000" };
      const given: [unknown, string | null][] = [
        [first, null],
        [spoiled, "operation.signature-invalid"],
        ["not an operation", "request.invalid"],
        [null, "request.invalid"],
        [second, null],
        [late, "operation.deadline-passed"],
        [unpriced, "quota.unpriced"],
        [{ ...second, nonce: "0x7" }, "request.invalid"],
        [{ ...second, signature: "0x" }, "request.invalid"],
        [{ ...second, surprise: 1 }, "request.invalid"],
        [sameSerial, "operation.serial-used"],
        [first, null],
        [third, null],
      ];
      const answer = await post("/operations/batch", { operations: given.map(([operation]) => operation) });
      expect(answer.status).to.equal(201);
      const codes = answer.body.items.map(({ problem }: Body) => problem?.code ?? null);
      expect(codes).to.deep.equal(given.map(([, code]) => code));
      expect(answer.body).to.include({ accepted: 4, refused: 9 });
      // The same one twice is one submission.
      expect(answer.body.items[0].submission).to.equal(answer.body.items[11].submission);
      expect(answer.body.submissions).to.have.length(3);
      expect((await ended(answer.body.id)).items).to.deep.equal({ included: 4, refused: 9 });
      const failed = await items(answer.body.id, "&failed=true");
      expect(failed.map(({ index }) => index)).to.deep.equal([1, 2, 3, 5, 6, 7, 8, 9, 10]);
    });
  });

  describe("of records", () => {
    it("are packed into few operations, with a result for each item", async () => {
      const known = anyDigest();
      const before = await recordOperation(known);
      expect((await post("/operations?wait=included", { operation: toRpc(before) })).body.state).to.equal("included");
      const twice = anyDigest();
      const given: [unknown, string | null][] = [
        [{ digest: anyDigest(), kind: 3, businessKey: "order 1" }, null],
        [{ data: { weight: 3 } }, null],
        [{ data: { weight: 3 }, digest: anyDigest() }, "request.invalid"],
        [{ digest: known }, "evidence.exists"],
        [{ digest: twice }, null],
        [{ digest: twice }, "evidence.exists"],
        [{ digest: twice, subject: "another subject" }, null],
        [{ digest: "0x12" }, "request.invalid"],
        [{ digest: anyDigest(), kynd: 1 }, "request.invalid"],
        [{ digest: `0x${"00".repeat(32)}` }, "request.invalid"],
        [{ digest: anyDigest(), subject: "far longer than thirty-one bytes of text" }, "request.invalid"],
        [17, "request.invalid"],
        [{ bytes: "AAAA", algorithm: "sm3-256" }, null],
      ];
      const answer = await post("/record-batches", { account, items: given.map(([item]) => item) });
      expect(answer.status).to.equal(201);
      expect(answer.body.items.map(({ problem }: Body) => problem?.code ?? null)).to.deep.equal(
        given.map(([, code]) => code),
      );
      expect(answer.body.items[5].problem).to.include({ sameAsItem: 4 });
      expect(answer.body.items[8].problem).to.include({ field: "kynd" });
      expect(answer.body.submissions).to.have.length(1);
      const [{ id: submission, hash, state }] = answer.body.submissions;
      expect(state).to.equal("received");
      const path = `/submission-batches/${answer.body.id}/signatures`;
      const stranger = `submission_${"0".repeat(24)}`;
      const wrong = await post(path, {
        signatures: [
          { submission, signature: sign(id("wrong")) },
          { submission: stranger, signature: sign(hash) },
        ],
      });
      expect(wrong.body.results.map(({ problem }: Body) => problem?.code)).to.deep.equal([
        ...["operation.signature-invalid", "resource.not-found"],
      ]);
      const signed = await post(path, { signatures: [{ submission, signature: sign(hash) }] });
      expect(signed.body.results).to.deep.equal([{ submission, state: "signed", problem: null }]);
      expect((await ended(answer.body.id)).items).to.deep.equal({ included: 5, refused: 8 });
      const { records } = running.people.brop.contracts;
      for (const { content, problem } of await items(answer.body.id)) {
        if (problem === null) expect((await records.recordOf(content.record)).status, content.record).to.equal(1n);
      }
    });

    it("hold ten thousand, and all of them are on record in the end", async () => {
      const given = Array.from({ length: MANY }, (_, number) => ({
        digest: anyDigest(),
        kind: number,
        businessKey: `key ${number}`,
      }));
      const answer = await post("/record-batches", { account, deadlineBlocks: 2_000, items: given });
      expect(answer.status, JSON.stringify(answer.body).slice(0, 500)).to.equal(201);
      expect(answer.body).to.include({ accepted: MANY, refused: 0 });
      expect(answer.body.submissions.length).to.be.within(20, 30);
      const signatures = answer.body.submissions.map(({ id, hash }: Body) => ({
        submission: id,
        signature: sign(hash),
      }));
      const signed = await post(`/submission-batches/${answer.body.id}/signatures`, { signatures });
      expect(new Set(signed.body.results.map(({ state }: Body) => state))).to.deep.equal(new Set(["signed"]));
      expect((await ended(answer.body.id)).items).to.deep.equal({ included: MANY });
      expect(await items(answer.body.id, "&failed=true")).to.deep.equal([]);
      const [{ count }] = (await running.db.query("select count(*) from records where kind > 100 and owner = $1", [
        Buffer.from(account.slice(2), "hex"),
      ])) as [{ count: number }];
      expect(count).to.be.at.least(MANY - 101);
    });

    it("are refused as a whole only where the request is none", async () => {
      for (const body of [{}, { account, items: [] }, { account: "me", items: [{}] }, { account, items: {} }]) {
        expect((await post("/record-batches", body)).status, JSON.stringify(body)).to.equal(400);
      }
      const stranger = `0x${"12".repeat(20)}`;
      const answer = await post("/record-batches", { account: stranger, items: [{ digest: anyDigest() }] });
      expect(answer.body.items[0].problem.code).to.equal("operation.account-unknown");
    });
  });

  it("hold ten thousand signed operations, each with its result", async () => {
    // A relay that takes everything and does nothing: the chain of the other tests stays free.
    const hole = { name: "hole", send: async (some: readonly unknown[]) => some.map(() => undefined), close() {} };
    const other = await Running.start({ relays: [hole], works: false });
    try {
      const { records } = running.people.brop.contracts;
      const deadline = (await running.head()) + 2_000;
      const operations: object[] = [];
      for (let number = 0; number < MANY; number++) {
        const input = createRecordInput({ digest: anyDigest() });
        const operation = operationOf(records.interface.encodeFunctionData("record", [input]), deadline);
        operations.push(number % 1_000 === 7 ? { ...toRpc(operation), signature: "0x12" } : toRpc(operation));
      }
      const shop = await other.key();
      const answer = await other.ask("POST", "/v1/operations/batch", shop, { operations });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.include({ accepted: MANY - 10, refused: 10 });
      const refused = answer.body.items.filter(({ problem }: Body) => problem !== null);
      expect(refused.map(({ index }: Body) => index % 1_000)).to.deep.equal(Array(10).fill(7));
      await other.uplink.pass();
      const counts = await other.ask("GET", `/v1/submission-batches/${answer.body.id}`, shop);
      expect(counts.body.items).to.deep.equal({ submitted: MANY - 10, refused: 10 });
      const tooMany = await other.ask("POST", "/v1/operations/batch", shop, { operations: [...operations, {}] });
      expect([tooMany.status, tooMany.body.code]).to.deep.equal([400, "request.invalid"]);
    } finally {
      await other.stop();
    }
  });

  it("are nobody else's business", async () => {
    const { body } = await post("/record-batches", { account, items: [{ digest: anyDigest() }] });
    const stranger = await running.key("operator", ["*"]);
    for (const path of ["", "/items"]) {
      const answer = await running.ask("GET", `/v1/submission-batches/${body.id}${path}`, stranger);
      expect([answer.status, answer.body.code]).to.deep.equal([404, "resource.not-found"]);
    }
    const [{ id: submission, hash }] = body.submissions;
    const signatures = [{ submission, signature: sign(hash) }];
    const answer = await running.ask("POST", `/v1/submission-batches/${body.id}/signatures`, stranger, { signatures });
    expect(answer.status).to.equal(404);
  });
});
