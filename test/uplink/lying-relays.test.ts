import { expect } from "chai";
import { ProvenNetwork } from "../../src/chain/operation-end/proven-network.ts";
import type { NewSubmission } from "../../src/store/queries/uplink/submissions.ts";
import type { Uplink } from "../../src/uplink/uplink.ts";
import { onEachDatabase } from "../store/databases.ts";
import { FakeRelay } from "../support/fake-relay.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { validatorKey } from "../support/sealed-block.ts";
import { SealedNetwork, type TestOperation } from "../support/sealed-network.ts";
import { Fakes, newSubmission, type ScriptedRelay } from "./fakes.ts";

const strangers = ["a", "b", "c"].map(validatorKey);

describe("an uplink that trusts no relay", () => {
  onEachDatabase((database) => {
    let fakes: Fakes;
    let network: SealedNetwork;
    let clock: ManualClock;

    beforeEach(() => {
      fakes = new Fakes(database());
      network = new SealedNetwork();
      clock = new ManualClock();
      network.mineTo(3);
    });

    const submit = async (deadline: number) => {
      const submission = newSubmission({ deadline, createdBlock: network.head });
      await fakes.add(submission);
      return submission;
    };
    const asTest = ({ hash, sender, nonce }: NewSubmission): TestOperation => ({ hash, sender, nonce });

    /** The uplink with ends that these relays have to prove. */
    function uplinkOver(...relays: FakeRelay[]): { uplink: Uplink; faults: string[] } {
      const faults: string[] = [];
      const proven = new ProvenNetwork({
        ...{ trust: network.trust, relays, clock, patienceBlocks: 4 },
        onFault: ({ url, kind }) => faults.push(`${url} ${kind}`),
      });
      return { uplink: fakes.uplink({ ends: proven.ends, head: () => proven.head() }), faults };
    }

    it("writes down what is proven: included with success, included without, expired, displaced", async () => {
      const [good, failed, late, displaced] = [await submit(8), await submit(8), await submit(8), await submit(8)];
      const { uplink, faults } = uplinkOver(new FakeRelay("honest", network));
      await uplink.pass();
      for (const one of [good, failed, late, displaced]) expect(await fakes.row(one)).to.include({ endedAt: null });
      const other = { ...asTest(displaced), hash: `0x${"99".repeat(32)}` };
      network.mine({ bundles: [[asTest(good), { ...asTest(failed), success: false }, other]] });
      network.mineTo(9);
      await uplink.pass();
      expect(await fakes.row(good)).to.include({ state: "included", success: true, blockNumber: 4, gasUsed: 21_000 });
      expect(await fakes.row(failed)).to.include({ state: "included", success: false });
      expect(await fakes.row(late)).to.include({ state: "expired", blockNumber: 9 });
      expect(await fakes.row(displaced)).to.include({ state: "rejected" });
      expect((await fakes.row(displaced)).reason).to.include({ code: "operation.displaced" });
      expect(faults).to.deep.equal([]);
    });

    it("finds out false receipts, and goes on with another relay", async () => {
      const submission = await submit(20);
      const twin = network.twin();
      twin.mine({ bundles: [[asTest(submission)]], sealers: strangers });
      const { uplink, faults } = uplinkOver(new FakeRelay("liar", twin), new FakeRelay("honest", network));
      network.mine();
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "submitted", endedAt: null });
      expect(faults).to.deep.equal(["liar lied"]);
      network.mine({ bundles: [[asTest(submission)]] });
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "included", blockNumber: 5 });
    });

    it("finds out a false *expired*, and writes the late inclusion down", async () => {
      const submission = await submit(8);
      const twin = network.twin();
      for (let number = 4; number <= 12; number++) twin.mine({ sealers: strangers });
      const { uplink, faults } = uplinkOver(new FakeRelay("liar", twin), new FakeRelay("honest", network));
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ endedAt: null });
      network.mineTo(7);
      network.mine({ bundles: [[asTest(submission)]] });
      network.mineTo(12);
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "included", blockNumber: 8 });
      expect(faults).to.deep.equal(["liar lied"]);
    });

    it("is not stopped by a relay whose true chain stands still", async () => {
      const submission = await submit(8);
      const old = network.twin();
      const { uplink, faults } = uplinkOver(new FakeRelay("stopped", old), new FakeRelay("honest", network));
      await uplink.pass();
      network.mineTo(12);
      clock.advance(31_000);
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "expired", blockNumber: 12 });
      expect(faults).to.deep.equal(["stopped silent"]);
    });

    it("sends again through others what one relay took and keeps", async () => {
      const [censor, other] = fakes.relays as [ScriptedRelay, ScriptedRelay];
      const submission = await submit(200);
      const { uplink } = uplinkOver(new FakeRelay("honest", network));
      await uplink.pass();
      expect([censor.taken.length, other.taken.length]).to.deep.equal([1, 0]);
      for (let round = 0; round < 10 && other.taken.length === 0; round++) {
        network.mine();
        fakes.clock.time += 60_000;
        await uplink.pass();
      }
      expect(other.taken.map(({ hash }) => hash)).to.deep.equal([submission.hash]);
      network.mine({ bundles: [[asTest(submission)]] });
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ state: "included" });
    });

    it("has no end among liars only: it stays submitted", async () => {
      const submission = await submit(5);
      network.mineTo(10);
      const lie = { eth_getProof: () => ({ accountProof: [], storageProof: [] }) };
      const { uplink, faults } = uplinkOver(new FakeRelay("one", network, lie), new FakeRelay("two", network, lie));
      await uplink.pass();
      expect(await fakes.row(submission)).to.include({ endedAt: null });
      expect(faults).to.deep.equal(["one lied", "two lied"]);
    });
  });
});
