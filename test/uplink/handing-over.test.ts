import { expect } from "chai";
import { hexlify, id, randomBytes, TypedDataEncoder, Wallet } from "ethers";
import { canonicalBytes } from "../../src/core/canonical-json.ts";
import { digestBytes } from "../../src/core/digest.ts";
import { BropError } from "../../src/core/errors.ts";
import { bytesToHex } from "../../src/core/hex.ts";
import { recordId } from "../../src/core/record-id.ts";
import { toRpc } from "../../src/core/user-operation.ts";
import { createRecordInput } from "../../src/sdk/index.ts";
import { type Body, Running } from "./running.ts";

const anyDigest = () => hexlify(randomBytes(32));

describe("handing over", function () {
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

  /** All that one step needs, as a caller makes it who signs before handing over. */
  async function signedFields(calls: { to: string; data: string }[]) {
    const { nonce, callGasLimit, verificationGasLimit, preVerificationGas, signature } = toRpc(
      await running.people.user.signCalls(calls),
    ) as Record<string, string>;
    return { nonce, gas: { callGasLimit, verificationGasLimit, preVerificationGas }, signature };
  }

  function recordCall(digest: string) {
    const { records } = running.people.brop.contracts;
    const data = records.interface.encodeFunctionData("record", [createRecordInput({ digest })]);
    return { to: running.people.brop.addresses.records, data };
  }

  describe("in two steps", () => {
    it("prepares what its caller signs, and brings it to its end", async () => {
      const digest = anyDigest();
      const prepared = await post("/records", { account, digest, businessKey: "order 7" });
      expect(prepared.status).to.equal(201);
      const { id: submission, state, hash, typedData, operation, content } = prepared.body;
      expect(prepared.headers.location).to.equal(`/v1/submissions/${submission}`);
      expect([state, operation.signature, prepared.body.endedAt]).to.deep.equal(["received", "0x", null]);
      expect(content).to.deep.equal({
        ...{ digest, algorithm: "sha2-256" },
        record: recordId(account, digest, `0x${"00".repeat(32)}`),
      });
      const { EIP712Domain: _, ...types } = typedData.types;
      expect(TypedDataEncoder.hash(typedData.domain, types, typedData.message)).to.equal(hash);

      const signed = await post(`/submissions/${submission}/signature`, signatureOf(prepared.body));
      expect([signed.status, signed.body.state]).to.deep.equal([201, "signed"]);
      expect(signed.body.typedData).to.equal(null);
      const end = await get(`/submissions/${submission}?wait=included`);
      expect(end.status).to.equal(200);
      expect(end.body).to.include({ state: "included", success: true, hash, reason: null });
      const { brop } = running.people;
      const receipt = await brop.provider.getTransactionReceipt(end.body.transactionHash);
      expect(receipt?.blockNumber).to.equal(end.body.blockNumber);
      expect((await brop.contracts.records.recordOf(content.record)).status).to.equal(1n);
    });

    it("takes a wallet's signature of the typed data", async () => {
      const { body } = await post("/records", { account, digest: anyDigest() });
      const { EIP712Domain: _, ...types } = body.typedData.types;
      const signature = await wallet.signTypedData(body.typedData.domain, types, body.typedData.message);
      const end = await post(`/submissions/${body.id}/signature?wait=included`, { signature });
      expect([end.status, end.body.state, end.body.success]).to.deep.equal([201, "included", true]);
    });

    it("refuses a wrong signature, and goes on waiting for the right one", async () => {
      const { body } = await post("/records", { account, digest: anyDigest() });
      const path = `/submissions/${body.id}/signature`;
      for (const signature of [sign(body.hash, new Wallet(id("stranger"))), "0x", "0x12", `${sign(body.hash)}00`]) {
        const [status, code] = refusal(await post(path, { signature }));
        const expected = signature === "0x" ? [400, "request.invalid"] : [403, "operation.signature-invalid"];
        expect([status, code], signature).to.deep.equal(expected);
        expect((await get(`/submissions/${body.id}`)).body.state).to.equal("received");
      }
      expect((await post(path, signatureOf(body))).status).to.equal(201);
    });

    it("answers the same signature again as before, and refuses another one", async () => {
      const { body } = await post("/records", { account, digest: anyDigest() });
      const path = `/submissions/${body.id}/signature`;
      await post(path, signatureOf(body));
      const again = await post(`${path}?wait=included`, signatureOf(body));
      expect([again.status, again.body.state]).to.deep.equal([201, "included"]);
      expect((await post(path, signatureOf(body))).status).to.equal(201);
      const other = await post(path, { signature: sign(body.hash, new Wallet(id("stranger"))) });
      expect(refusal(other)).to.deep.equal([409, "submission.not-waiting"]);
    });

    it("expires what is not signed by its deadline, and says so to who comes too late", async () => {
      const { body } = await post("/records", { account, digest: anyDigest(), deadlineBlocks: 1 });
      expect((await get(`/submissions/${body.id}?wait=included`)).body).to.include({ state: "expired" });
      const late = await post(`/submissions/${body.id}/signature`, signatureOf(body));
      expect(refusal(late)).to.deep.equal([410, "operation.expired"]);
    });

    it("says before anything is signed why it would fail", async () => {
      const digest = anyDigest();
      const first = await post("/records", { account, digest });
      await post(`/submissions/${first.body.id}/signature?wait=included`, signatureOf(first.body));
      expect(refusal(await post("/records", { account, digest }))).to.deep.equal([409, "evidence.exists"]);
      const stranger = Wallet.createRandom().address;
      expect(refusal(await post("/records", { account: stranger, digest }))).to.deep.equal([
        422,
        "operation.account-unknown",
      ]);
      const gas = { callGasLimit: "100000" };
      const exists = await post("/records", { account, digest, gas });
      expect(refusal(exists)).to.deep.equal([409, "evidence.exists"]);
    });
  });

  describe("in one step", () => {
    it("takes what is signed already, with the form's own words", async () => {
      const digest = anyDigest();
      const fields = await signedFields([recordCall(digest)]);
      const end = await post("/records?wait=included", { account, digest, ...fields });
      expect(end.status).to.equal(201);
      expect(end.body).to.include({ state: "included", success: true, kind: "record" });
    });

    it("takes a signed operation as it is", async () => {
      const operation = toRpc(await running.people.user.signCalls([recordCall(anyDigest())]));
      const end = await post("/operations?wait=included", { operation });
      expect([end.status, end.body.state]).to.deep.equal([201, "included"]);
    });

    it("is one submission, however often the same operation comes", async () => {
      const operation = toRpc(await running.people.user.signCalls([recordCall(anyDigest())]));
      const answers = await Promise.all([1, 2, 3].map(() => post("/operations", { operation })));
      expect(new Set(answers.map(({ body }) => body.id)).size).to.equal(1);
      const { id: submission } = answers[0]?.body as Body;
      await get(`/submissions/${submission}?wait=included`);
      // Its serial is used now, by itself.
      const late = await post("/operations", { operation });
      expect([late.status, late.body.id, late.body.state]).to.deep.equal([201, submission, "included"]);
    });

    it("knows an operation that its caller has already sent elsewhere", async () => {
      const operation = await running.people.user.signCalls([recordCall(anyDigest())]);
      await (await running.people.user.sendOperation(operation)).wait();
      await running.caughtUp();
      const end = await post("/operations?wait=included", { operation: toRpc(operation) });
      expect([end.status, end.body.state, end.body.success]).to.deep.equal([201, "included", true]);
    });

    it("refuses what the signature does not cover, or covers in vain", async () => {
      const digest = anyDigest();
      const { nonce, gas, signature } = await signedFields([recordCall(digest)]);
      const all = { account, digest, nonce, gas, signature };
      const cases: [object, number, string][] = [
        [{ ...all, digest: anyDigest() }, 403, "operation.signature-invalid"],
        [{ ...all, kind: 5 }, 403, "operation.signature-invalid"],
        [{ ...all, signature: `${signature?.slice(0, -2)}1d` }, 403, "operation.signature-invalid"],
        [{ ...all, nonce: undefined }, 400, "request.invalid"],
        [{ ...all, gas: { ...gas, callGasLimit: undefined } }, 400, "request.invalid"],
        [{ ...all, nonce: "0" }, 400, "request.invalid"],
        [{ ...all, nonce: "7".repeat(78) }, 400, "request.invalid"],
        [{ ...all, deadlineBlocks: 10 }, 400, "request.invalid"],
        [{ ...all, gas: { ...gas, verificationGasLimit: "0x1000000" } }, 422, "operation.gas-too-high"],
        [{ ...all, gas: { ...gas, verificationGasLimit: "0x100" } }, 422, "operation.gas-too-low"],
      ];
      for (const [body, status, code] of cases) {
        expect(refusal(await post("/records", body)), JSON.stringify(body)).to.deep.equal([status, code]);
      }
      expect(
        (await get(`/submissions?account=${account}`)).body.items.map(({ content }: Body) => content.digest),
      ).to.not.include(digest);
    });

    it("refuses a passed deadline, one too far ahead, and a serial that is used", async () => {
      const { user } = running.people;
      const digest = anyDigest();
      const passed = toRpc(
        await user.signCalls([recordCall(digest)], {
          deadlineBlocks: 0,
          callGasLimit: 1n,
          verificationGasLimit: 1n,
          preVerificationGas: 1n,
        }),
      );
      expect(refusal(await post("/operations", { operation: passed }))).to.deep.equal([
        422,
        "operation.deadline-passed",
      ]);
      const far = toRpc(
        await user.signCalls([recordCall(digest)], {
          deadlineBlocks: 30_000,
          callGasLimit: 1n,
          verificationGasLimit: 1n,
          preVerificationGas: 1n,
        }),
      );
      expect(refusal(await post("/operations", { operation: far }))).to.deep.equal([422, "operation.deadline-too-far"]);

      const first = await user.signCalls([recordCall(digest)]);
      const fields = await signedFields([recordCall(anyDigest())]);
      const { body } = await post("/operations?wait=included", { operation: toRpc(first) });
      expect(body.state).to.equal("included");
      const reused = { account, digest: anyDigest(), ...fields, nonce: `0x${first.nonce.toString(16)}` };
      const [status] = refusal(await post("/records", reused));
      // EntryPoint judges the nonce before the account's signature.
      expect([status, (await post("/records", reused)).body.code]).to.deep.equal([409, "operation.serial-used"]);
    });

    it("takes the first of two operations with one serial", async () => {
      const { user } = running.people;
      const operation = await user.signCalls([recordCall(anyDigest())]);
      const other = { ...operation, callGasLimit: operation.callGasLimit + 1n };
      const signed = await resign(other);
      const first = await post("/operations", { operation: toRpc(operation) });
      expect(first.status).to.equal(201);
      expect(refusal(await post("/operations", { operation: signed }))).to.deep.equal([409, "operation.serial-used"]);
    });
  });

  const resign = async (operation: Parameters<typeof toRpc>[0]) => {
    const { userOperationHash, ENTRY_POINT } = await import("../../src/core/user-operation.ts");
    return { ...toRpc(operation), signature: sign(userOperationHash(operation, ENTRY_POINT, 8420)) };
  };

  describe("data", () => {
    const data = { batch: "A-7", weight: 12.5, notes: ["绿茶", "first flush"] };

    it("is digested here in its canonical form, by the algorithm that is asked for", async () => {
      for (const algorithm of ["sha2-256", "sha3-256", "sm3-256", "sha2-512-256"] as const) {
        const { body } = await post("/records", { account, data: { ...data, algorithm }, algorithm });
        const { batch, weight, notes } = data;
        const expected = digestBytes(canonicalBytes({ notes, algorithm, weight, batch }), algorithm);
        expect(body.content).to.include({ digest: bytesToHex(expected), algorithm });
      }
    });

    it("may be bytes in base64", async () => {
      const bytes = randomBytes(100);
      const { body } = await post("/records", { account, bytes: Buffer.from(bytes).toString("base64") });
      expect(body.content.digest).to.equal(bytesToHex(digestBytes(bytes)));
      const wrong = await post("/records", { account, bytes: "not base64!" });
      expect([...refusal(wrong), wrong.body.field]).to.deep.equal([400, "request.invalid", "bytes"]);
    });

    it("is given once, and not kept", async () => {
      for (const body of [{ data, digest: anyDigest() }, {}, { bytes: "AA==", data }]) {
        expect(refusal(await post("/records", { account, ...body }))).to.deep.equal([400, "request.invalid"]);
      }
      const secret = `secret ${Math.random()}`;
      await post("/records", { account, data: { secret } }, { "idempotency-key": "secret" });
      for (const table of ["submissions", "idempotency_keys", "submission_items"]) {
        const rows = await running.db.query(`select 1 from ${table} t where t::text like $1`, [`%${secret}%`]);
        expect(rows, table).to.deep.equal([]);
      }
    });

    it("is refused with a schema where no business data is kept", async () => {
      const refused = await post("/records", { account, data, schema: "tea" });
      expect([...refusal(refused), refused.body.field]).to.deep.equal([400, "request.invalid", "schema"]);
    });
  });

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
        [{ ...good, arguments: { input: "\u0000" } }, "calls/1/arguments"],
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

  it("has an end without effect for what fails only on the chain, with the contract's reason", async () => {
    const digest = anyDigest();
    const [one, two] = await Promise.all([1, 2].map(() => running.people.user.signCalls([recordCall(digest)])));
    const both = await Promise.all(
      [one, two].map((each) => post("/operations?wait=included", { operation: toRpc(each as never) })),
    );
    const ends = both.map(({ body }) => [body.state, body.success, body.reason?.code ?? null]);
    expect(ends.sort()).to.deep.equal([
      ["included", false, "evidence.exists"],
      ["included", true, null],
    ]);
  });

  it("refuses everything while the chain's node is gone, and keeps nothing of it", async () => {
    const { check } = running.submissions;
    const head = check.head;
    check.head = async () => {
      throw new BropError("chain.unreachable");
    };
    try {
      const answer = await post("/records", { account, digest: anyDigest() }, { "idempotency-key": "gone" });
      expect(refusal(answer)).to.deep.equal([503, "chain.unreachable"]);
    } finally {
      check.head = head;
    }
    expect((await post("/records", { account, digest: anyDigest() }, { "idempotency-key": "gone" })).status).to.equal(
      201,
    );
  });
});
