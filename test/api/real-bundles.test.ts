import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { hexlify, id, randomBytes, sha256, toUtf8Bytes } from "ethers";
import type { TimestampDesk } from "../../src/api/context.ts";
import { LocalSigner } from "../../src/chain/signing/local-signer.ts";
import type { BatchRecordClaim, Bundle } from "../../src/core/bundle/bundle.ts";
import { readBundle } from "../../src/core/bundle/read-bundle.ts";
import type { Verdict } from "../../src/core/bundle/verdict.ts";
import { verifyBundle } from "../../src/core/bundle/verify-bundle.ts";
import { systemClock } from "../../src/core/clock.ts";
import { hexToBytes } from "../../src/core/hex.ts";
import { signWith } from "../../src/platform/services/batches.ts";
import { createRecordInput, recordId } from "../../src/sdk/index.ts";
import { BlockStamps } from "../../src/timestamp/block-stamps.ts";
import { TimestampClient } from "../../src/timestamp/client/timestamp-client.ts";
import { authorityOf, certifyIssuer, certifyStamping } from "../support/time-stamp-authorities.ts";
import { type Body, Running } from "../uplink/running.ts";

const DATA = toUtf8Bytes(`Lot ${hexlify(randomBytes(8))}`);

describe("proof bundles of a real chain over HTTP", function () {
  this.timeout(120_000);
  const root = certifyIssuer("Root");
  const authority = authorityOf({ root, own: certifyStamping("Authority", root) });
  const client = new TimestampClient({
    ask: async (request) => authority.answer(request),
    ...{ trusted: [root.certificate], random: randomBytes, now: () => Date.now() },
  });
  const desk: TimestampDesk = { client, now: () => Date.now() };
  let running: Running;
  let key: string;
  let portion: string;
  let record: string;

  before(async () => {
    running = await Running.start({
      timestamps: desk,
      signAnchors: async (operation, hash) => {
        const signer = new LocalSigner(running.people.partnerWallet.privateKey);
        return signWith(running.db, Number(running.people.brop.chainId), [signer])(operation, hash);
      },
    });
    running.batcher.start();
    const { partner, brop } = running.people;
    key = await running.key("partner", ["submissions"], partner.address.toLowerCase());
    const items = [
      { digest: id("a neighbour") },
      { digest: sha256(DATA), kind: 3, businessKey: "lot" },
      { digest: id("another neighbour") },
    ];
    const taken = await running.ask("POST", "/v1/batch-records", key, { account: partner.address, items });
    ({ portion } = taken.body);
    const input = createRecordInput({ digest: sha256(DATA), subject: hexlify(randomBytes(32)) });
    await (await brop.contracts.records.connect(partner).record(input)).wait();
    record = recordId(partner.address, input.digest, input.subject);
    while ((await get(`/batch-records/${portion}.1`)).state !== "anchored") await setTimeout(100);
    // What an authority says of the time comes from outside of the chain: after its newest block's.
    const head = await running.rpc.call<{ number: string; hash: string; timestamp: string }>("eth_getBlockByNumber", [
      ...["latest", false],
    ]);
    const time = Number(head.timestamp) * 1_000;
    await setTimeout(Math.max(0, time - Date.now()));
    const stamps = new BlockStamps({
      ...{ db: running.db, clock: systemClock, client, interval: 1, isOurs: () => true, attach: async () => undefined },
      head: async () => ({ number: Number(head.number), hash: hexToBytes(head.hash), time }),
    });
    await stamps.round();
    await running.caughtUp();
  });
  after(() => running?.stop());

  async function get(path: string): Promise<Body> {
    const { status, body } = await running.ask("GET", `/v1${path}`, key);
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  }
  const bundleOf = async (path: string) => readBundle(toUtf8Bytes(JSON.stringify(await get(path))));
  const verify = (bundle: Bundle, authorities = [root.certificate]) =>
    verifyBundle(bundle, undefined, { digest: sha256(DATA), authorities });
  const stateOf = (verdict: Verdict, name: string) =>
    verdict.statements.filter((one) => one.name === name).map(({ state, reason }) => reason ?? state);
  const factsOf = (verdict: Verdict, name: string) => verdict.statements.find((one) => one.name === name)?.facts;

  it("prove a record of an anchored batch, at its place", async () => {
    const bundle = await bundleOf(`/batch-records/${portion}.1/bundle`);
    const verdict = await verify(bundle);
    // Nobody seals the blocks of a development chain.
    expect(verdict.state, JSON.stringify(verdict)).to.equal("unsealed");
    expect(stateOf(verdict, "content")).to.deep.equal(["proven"]);
    expect(stateOf(verdict, "status")).to.deep.equal(["absent"]);
    const { index, batch } = await get(`/batch-records/${portion}.1`);
    expect(factsOf(verdict, "batch")).to.include({ index, count: batch.recordCount, root: batch.root });
    expect(factsOf(verdict, "event")).to.include({ owner: running.people.partner.address.toLowerCase(), kind: 3 });
    expect(bundle.claim).to.not.have.property("root");
  });

  it("do not prove another record, another place, or another path", async () => {
    const bundle = await bundleOf(`/batch-records/${portion}.1/bundle?timestamps=false`);
    const claim = bundle.claim as BatchRecordClaim;
    const changes: [string, Partial<BatchRecordClaim>][] = [
      ["batch.root", { record: { ...claim.record, digest: id("forged") } }],
      ["batch.root", { record: { ...claim.record, kind: 4 } }],
      ["batch.root", { index: claim.index + 1 }],
      ["batch.index", { index: claim.count }],
      ["event.differs", { count: claim.count + 1 }],
      ["event.differs", { owner: `0x${"77".repeat(20)}` }],
      ["batch.root", { branch: [id("x"), ...claim.branch.slice(1)] }],
      ["batch.root", { branch: [claim.branch[1], claim.branch[0], ...claim.branch.slice(2)] as string[] }],
      ["batch.length", { branch: [...claim.branch.slice(0, 20), id("x")] }],
    ];
    for (const [reason, change] of changes) {
      const verdict = await verify({ ...bundle, claim: { ...claim, ...change } });
      expect([verdict.state, verdict.reason], JSON.stringify(change)).to.deep.equal(["failed", reason]);
    }
  });

  it("bring the tokens that are kept, over the digest and over the first stamped block", async () => {
    const stamped = await running.ask("POST", `/v1/records/${record}/timestamp`, key);
    expect(stamped.status, JSON.stringify(stamped.body)).to.equal(201);
    const own = await bundleOf(`/records/${record}/bundle`);
    expect(own.timestamps?.map(({ stamps }) => stamps === "claim")).to.deep.equal([true, false]);
    const verdict = await verify(own);
    expect([verdict.state, ...stateOf(verdict, "timestamp")]).to.deep.equal(["unsealed", "proven", "proven"]);
    expect(factsOf(verdict, "timestamp")).to.include({ serial: stamped.body.timestamp.serial });
    const ofBatch = await bundleOf(`/batch-records/${portion}.1/bundle`);
    const stampedBlocks = ofBatch.timestamps?.map(({ stamps }) => (stamps === "claim" ? -1 : stamps.block)) ?? [];
    expect(stampedBlocks).to.have.length(1);
    expect(stampedBlocks[0]).to.be.at.least((ofBatch.claim as BatchRecordClaim).at.block);
    expect(stateOf(await verify(ofBatch), "timestamp")).to.deep.equal(["proven"]);
    // Who does not trust the authority has a bundle without a time of hers, and no forgery.
    const untrusted = await verify(own, []);
    expect(untrusted.state).to.equal("unsealed");
    expect(stateOf(untrusted, "timestamp")).to.deep.equal(["timestamp.authority", "timestamp.authority"]);
    const bare = await bundleOf(`/records/${record}/bundle?timestamps=false`);
    expect(bare).to.not.have.property("timestamps");
    expect(stateOf(await verify(bare), "timestamp")).to.deep.equal(["absent"]);
  });

  it("leave out tokens of blocks that the chain has no more, of clocks that run behind it, and too large ones", async () => {
    const all = await running.db.query<{ object: Uint8Array; stated_at: number; token: Uint8Array }>(
      "select object, stated_at, token from timestamps where kind = 3",
      [],
    );
    const tooLarge = "token = decode(repeat('00', 65537), 'hex')";
    for (const change of ["object = sha256(object)", "stated_at = stated_at - 3600000", tooLarge]) {
      await running.db.query(`update timestamps set ${change} where kind = 3`, []);
      expect(await bundleOf(`/batch-records/${portion}.1/bundle`)).to.not.have.property("timestamps");
      const [{ object, stated_at, token }] = all as [(typeof all)[0]];
      await running.db.query("update timestamps set object = $1, stated_at = $2, token = $3 where kind = 3", [
        ...[object, stated_at, token],
      ]);
    }
    expect(await bundleOf(`/batch-records/${portion}.1/bundle`)).to.have.property("timestamps");
  });

  it("show by the newest state that a record of a batch was revoked, and its neighbour not", async () => {
    const { partner, partnerWallet } = running.people;
    const before = await verify(await bundleOf(`/batch-records/${portion}.1/bundle?state=true`));
    expect(factsOf(before, "status")).to.include({ status: "valid" });
    const body = { account: partner.address, reason: id("spoiled") };
    const asked = await running.ask("POST", `/v1/batch-records/${portion}.1/revocations`, key, body);
    const signature = partnerWallet.signingKey.sign(asked.body.hash).serialized;
    await running.ask("POST", `/v1/submissions/${asked.body.id}/signature?wait=included`, key, { signature });
    await running.caughtUp();
    const [revoked, neighbour] = await Promise.all(
      [1, 0].map((at) => bundleOf(`/batch-records/${portion}.${at}/bundle?state=true`)),
    );
    expect(factsOf(await verify(revoked as Bundle), "status")).to.include({ status: "revoked" });
    expect(factsOf(await verifyBundle(neighbour as Bundle, undefined), "status")).to.include({ status: "valid" });
  });

  it("show what a certifier had said of the owner of a batch", async () => {
    const certifier = running.people.partner.address;
    const bundle = await bundleOf(`/batch-records/${portion}.1/bundle?certifier=${certifier}`);
    expect(factsOf(await verify(bundle), "certification")).to.include({ certifier: certifier.toLowerCase() });
    const half = await running.ask("GET", `/v1/batch-records/${portion}.1/bundle?recognisedBy=${certifier}`, key);
    expect([half.status, half.body.field]).to.deep.equal([400, "recognisedBy"]);
  });
});
