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
      const [{ body }] = answers as unknown as [{ body: Body }];
      const submission = body.id;
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
