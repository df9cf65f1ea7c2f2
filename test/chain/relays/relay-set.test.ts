import { expect } from "chai";
import { type Relay, type RelayFault, WithheldError } from "../../../src/chain/relays/relay.ts";
import { RelaySet } from "../../../src/chain/relays/relay-set.ts";
import { BropError } from "../../../src/core/errors.ts";
import { ManualClock } from "../../support/manual-clock.ts";

describe("a set of relays", () => {
  const relays: Relay[] = ["one", "two", "three"].map((url) => ({ url, ask: async () => null }));
  const [one, two, three] = relays as [Relay, Relay, Relay];

  function make() {
    const clock = new ManualClock();
    const faults: RelayFault[] = [];
    const set = new RelaySet(relays, { clock, onFault: (fault) => faults.push(fault), rest: 1_000 });
    return { set, clock, faults, order: () => set.inTurn().map(({ url }) => url) };
  }

  it("is asked in its order, and stays with the one that served last", () => {
    const { set, order } = make();
    expect(order()).to.deep.equal(["one", "two", "three"]);
    set.served(two);
    expect(order()).to.deep.equal(["two", "three", "one"]);
  });

  it("lets a relay with a fault rest behind the others, and come back", () => {
    const { set, clock, order } = make();
    set.blame(one, "silent", "no answer");
    expect(order()).to.deep.equal(["two", "three", "one"]);
    clock.advance(1_001);
    expect(order()).to.deep.equal(["one", "two", "three"]);
  });

  it("asks one that lied no more, whatever it does later", () => {
    const { set, clock, order, faults } = make();
    set.blame(one, "lied", "a forged receipt");
    set.served(one);
    set.blame(one, "silent", "no answer");
    clock.advance(1e9);
    expect(order()).to.deep.equal(["two", "three"]);
    expect(set.isExcluded(one)).to.equal(true);
    expect(faults).to.have.length(1);
    set.blame(two, "lied", "x");
    set.blame(three, "lied", "x");
    expect(order()).to.deep.equal([]);
  });

  it("tells of a fault once, and again after the relay served, or of another operation", () => {
    const { set, faults, clock } = make();
    const told = () => faults.map(({ kind, operation = "" }) => `${kind} ${operation}`.trim());
    for (let at = 0; at < 3; at++) set.blame(one, "silent", "no answer");
    expect(told()).to.deep.equal(["silent"]);
    set.served(one);
    set.blame(one, "silent", "no answer");
    set.blame(one, "censored", "left it out", "0x1");
    set.blame(one, "censored", "left it out", "0x2");
    set.blame(one, "censored", "left it out", "0x2");
    expect(told()).to.deep.equal(["silent", "silent", "censored 0x1", "censored 0x2"]);
    expect(set.faults).to.deep.equal(faults);
    expect(faults[0]?.at).to.equal(clock.now());
  });

  it("tells lies from silence by what went wrong", () => {
    const { set, faults } = make();
    set.blameFor(one, new WithheldError("a change of validators", "0x9"));
    set.blameFor(one, new BropError("chain.unreachable", { reason: "ECONNREFUSED" }));
    set.blameFor(two, new BropError("proof.unavailable", { reason: "no such block" }));
    set.blameFor(three, new Error("socket hang up"));
    set.blameFor(one, new BropError("chain.wrong"));
    set.blameFor(two, new BropError("proof.invalid", { part: "header" }));
    expect(faults.map(({ url, kind }) => `${url} ${kind}`)).to.deep.equal([
      ...["one withheld", "one silent", "two silent", "three silent", "one lied", "two lied"],
    ]);
    expect(faults[3]?.reason).to.equal("socket hang up");
    expect(faults[0]?.operation).to.equal("0x9");
  });

  it("goes on when the one who is told of faults fails, and with relays that are not its own", () => {
    const angry = () => {
      throw new Error("no");
    };
    const set = new RelaySet(relays, { clock: new ManualClock(), onFault: angry });
    set.blame(one, "lied", "x");
    expect(set.inTurn()).to.deep.equal([two, three]);
    const stranger: Relay = { url: "four", ask: async () => null };
    set.blame(stranger, "lied", "x");
    set.served(stranger);
    expect(set.isExcluded(stranger)).to.equal(false);
    expect(() => new RelaySet([], { clock: new ManualClock() })).to.throw(BropError, "there are none");
  });
});
