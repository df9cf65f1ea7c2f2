import { expect } from "chai";
import { hexlify, id, randomBytes, sha256, toUtf8Bytes, ZeroHash } from "ethers";
import { verifyBundle } from "../../src/core/bundle/verify-bundle.ts";
import { BropError } from "../../src/core/errors.ts";
import { type AnchorSigner, Batches, fetchBundle, type HandedOver } from "../../src/sdk/index.ts";
import { Running } from "../uplink/running.ts";

const anyDigest = () => hexlify(randomBytes(32));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => BropError.from(error).code,
  );

describe("batches by the SDK", function () {
  this.timeout(120_000);
  let running: Running;
  let url: string;
  let key: string;
  let batches: Batches;
  let account: string;
  let signer: AnchorSigner;
  let handed: HandedOver;
  const data = toUtf8Bytes(`crate ${anyDigest()}`);
  const digests = [anyDigest(), anyDigest(), sha256(data), anyDigest(), anyDigest()];

  before(async () => {
    running = await Running.start();
    running.batcher.start();
    url = await running.server.listen({ host: "127.0.0.1", port: 0 });
    key = await running.key();
    batches = new Batches({ url, key });
    const { partner, brop } = running.people;
    account = partner.address;
    signer = { brop, account: partner };
  });
  after(() => running?.stop());

  /** Answers pass through here. */
  const through = (change: (answer: Response, request: { path: string; method: string }) => Promise<Response>) =>
    new Batches({
      ...{ url, key },
      fetch: async (input, init) =>
        change(await fetch(input, init), { path: new URL(String(input)).pathname, method: init?.method ?? "GET" }),
    });

  it("are handed over in several requests, each taken once though its answer is lost", async () => {
    const lost = new Set<string>();
    const unlucky = through(async (answer, { path }) => {
      if (lost.has(path)) return answer;
      lost.add(path);
      throw new TypeError("network");
    });
    const progress: number[] = [];
    const options = { name: `shift ${anyDigest()}`, portion: 2, onProgress: (done: number) => progress.push(done) };
    handed = await unlucky.handOver(account, records(), options);
    expect(progress).to.deep.equal([2, 4, 5]);
    expect([handed.portions.length, handed.ids.length, handed.refused.length]).to.deep.equal([3, 5, 0]);
    expect(handed.expectedBlock).to.be.a("number");
    expect(await batches.handOver(account, records(), options)).to.deep.equal(handed);
    const other = digests.map((digest) => ({ digest, kind: 1 }));
    expect(await codeOf(batches.handOver(account, other, options))).to.equal("idempotency.conflict");
    for (const [at, digest] of digests.entries()) {
      const found: string[] = [];
      for await (const record of batches.find(digest, account)) found.push(record.id);
      expect(found).to.deep.equal([handed.ids[at]]);
    }
  });

  async function* records() {
    for (const digest of digests) yield { digest, businessKey: "crate" };
  }

  it("name records that can not be, and tell of those that are refused by their places", async () => {
    const bad = await batches.handOver(account, [{ digest: anyDigest() }, { digest: "0x12" }]).catch((error) => error);
    expect(bad).to.be.instanceOf(BropError);
    expect(bad.details).to.include({ field: "digest", item: 1 });
    const some = await batches.handOver(
      account,
      [ZeroHash, digests[0] as string, ZeroHash].map((digest) => ({ digest })),
    );
    expect(some.refused.map(({ item, problem }) => [item, problem.code])).to.deep.equal([
      [0, "request.invalid"],
      [2, "request.invalid"],
    ]);
    expect(some.ids).to.deep.equal([null, `${some.portions[0]}.0`, null]);
    const none = await batches.handOver(account, [{ digest: ZeroHash }]);
    expect(none).to.deep.include({ portions: [], ids: [null], expectedBlock: null });
    expect(await codeOf(new Batches({ url }).handOver(account, [{ digest: anyDigest() }]))).to.equal(
      "access.unauthenticated",
    );
    expect(await codeOf(batches.record(`portion_${"0".repeat(24)}.0`))).to.equal("resource.not-found");
  });

  it("are not signed for when the platform wants something else to be signed", async () => {
    const [portion] = handed.portions as [string];
    const liar = through(async (answer, { path, method }) => {
      if (method !== "GET" || !path.startsWith("/v1/submissions/")) return answer;
      const submission = await answer.json();
      const { callData } = submission.operation;
      const [, root = ""] = /^0x.*?([0-9a-f]{64})0{56}[0-9a-f]{8}0*$/.exec(callData) ?? [];
      submission.operation.callData = callData.replace(root, id("another root").slice(2));
      return Response.json(submission);
    });
    expect(await codeOf(liar.anchored(portion, { signer, pollingInterval: 50 }))).to.equal("proof.invalid");
    const waiting = AbortSignal.timeout(300);
    await batches.anchored(portion, { signal: waiting, pollingInterval: 50 }).then(
      () => expect.fail("nobody signed"),
      (error) => expect(error.name).to.equal("TimeoutError"),
    );
  });

  it("are anchored once their owner signs, wherever records of one request stand", async () => {
    const states = new Set<string>();
    const options = { signer, pollingInterval: 50, onStanding: ({ state }: { state: string }) => states.add(state) };
    const anchored = [];
    for (const portion of handed.portions) anchored.push(await batches.anchored(portion, options));
    expect(anchored.map(({ state, recordCount }) => [state, recordCount])).to.deep.equal([
      ...[
        ["anchored", 2],
        ["anchored", 2],
      ],
      ["anchored", 1],
    ]);
    expect([...states]).to.include.members(["sealed", "anchored"]);
    expect(await batches.anchored(handed.ids[2] as string, options)).to.deep.equal(anchored[1]);
  });

  it("have proofs that are checked here and hold on the chain", async () => {
    const record = handed.ids[2] as string;
    const proof = await batches.proof(record);
    expect(proof.input.digest).to.equal(sha256(data));
    const { batchAnchors } = running.people.brop.contracts;
    expect(await batchAnchors.verify(proof.anchor, proof.index, proof.input, proof.path)).to.equal(1n);
    const forged = through(async (answer) => {
      const body = await answer.json();
      return Response.json({ ...body, input: { ...body.input, digest: anyDigest() } });
    });
    expect(await codeOf(forged.proof(record))).to.equal("proof.invalid");
  });

  it("have bundles that prove the data to anybody", async () => {
    const record = handed.ids[2] as string;
    await running.caughtUp();
    const bundle = await batches.bundle(record, { state: true, timestamps: false });
    const { state, statements } = await verifyBundle(bundle, undefined, { digest: sha256(data) });
    expect([state, statements.find(({ name }) => name === "status")?.facts.status]).to.deep.equal([
      "unsealed",
      "valid",
    ]);
    expect(await fetchBundle({ url }, record)).to.deep.include({ claim: bundle.claim });
    const cut = { url, fetch: async () => new Response('{"format":"brop-proof-bundle"') };
    const fault = await fetchBundle(cut, record).catch((error) => error);
    expect(fault.reason).to.equal("format.not-json");
  });
});
