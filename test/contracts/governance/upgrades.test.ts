import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { decide } from "../support/council.ts";
import { expectRevert } from "../support/errors.ts";
import { expectExecuted } from "../support/operations.ts";
import { town } from "../support/participants.ts";
import { deployed, implementationOf } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";

describe("Upgrades (GO-3)", () => {
  it("are made by Council; what the contract kept stays", async () => {
    const p = await town();
    expectExecuted(await p.alice.call(p.records, "record", [recordOf("before")]));
    const id = await p.records.recordId(p.alice.address, recordOf("before").digest, recordOf("before").subject);
    const before = await p.records.recordOf(id);
    const next = await deployed(p.operator, "evidence/Records", [p.addresses.Certifications]);
    await decide(p, [p.records, "upgradeToAndCall", [next, "0x"]]);
    expect(await implementationOf(p.addresses.Records ?? "")).to.equal(next);
    expect(await p.records.recordOf(id)).to.deep.equal(before);
    expectExecuted(await p.alice.call(p.records, "record", [recordOf("after")]));
  });

  it("reach Council itself, with its seats and proposals kept", async () => {
    const p = await town();
    const next = await deployed(p.operator, "governance/Council", []);
    const seats = await p.council.seats();
    await decide(p, [p.council, "upgradeToAndCall", [next, "0x"]]);
    expect(await implementationOf(SYSTEM_ADDRESSES.Council)).to.equal(next);
    expect(await p.council.seats()).to.deep.equal(seats);
    await decide(p, [p.admission, "setPeriod", [9]]);
  });

  it("to code that is no implementation fail", async () => {
    const p = await town();
    const attempt = decide(p, [p.records, "upgradeToAndCall", [p.addresses.Account, "0x"]]);
    await expectRevert(attempt, "CouncilCallFailed");
  });

  it("change nothing of what Directory says, until Council changes that too", async () => {
    const p = await town();
    const name = encodeBytes32String("Records");
    const entry = await p.directory.entryOf(name);
    const next = await deployed(p.operator, "evidence/Records", [p.addresses.Certifications]);
    await decide(p, [p.records, "upgradeToAndCall", [next, "0x"]]);
    expect(await p.directory.entryOf(name)).to.deep.equal(entry);
  });
});
