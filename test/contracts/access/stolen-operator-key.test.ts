import { expect } from "chai";
import { id, toBeHex } from "ethers";
import { PLAN } from "../../../scripts/deployment/plan.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { ethers, now } from "../support/chain.ts";
import { decide } from "../support/council.ts";
import { LEVEL } from "../support/participants.ts";
import { SEATS } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";
import { addressOf, CALLERS } from "./callers.ts";
import { rowsOf } from "./matrix.ts";
import { find, OURS, rulesOf } from "./ours.ts";
import { refusalOf } from "./refusal.ts";
import { GROUND } from "./rule.ts";
import { stage } from "./stage.ts";

/**
 * Everything that the operator may do and a stranger may not, each with its worst use. Whoever gives the operator a
 * new power has to say here what a thief does with it.
 */
const POWERS: Readonly<Record<string, string>> = {
  "AccountFactory.create": "makes accounts that nobody certified: without quota, and no more than applicants",
  "Directory.create": "puts code on chain that no contract of the platform trusts",
  "Directory.register": "takes a free name for it; a name that is taken changes by Council alone",
  "LegalDocuments.publish": "adds a version; what was signed before stays what it was",
  "Orders.execute": "carries out exactly the call of a regulator's live order",
  "Orders.report": "closes an order with a statement that stays on record",
  "Partners.admit": "admits an account of its own that signed the agreement: seen by all, and nobody recognises it",
  "Partners.reinstate": "ends a suspension",
  "Partners.setPermissions": "gives or takes a partner's permissions",
  "Partners.suspend": "stops a partner, with a stored ground, until it is reinstated",
  "Partners.terminate": "ends a partner for good, with a stored ground: the worst that it can do",
  "Quota.assignClass": "gives an account a class that Council defined, so at most that class's ceiling",
  "Quota.publishPrices": "asks prices that nobody can pay, or none, until Council publishes others",
  "TimestampAuthorities.attachToBlock": "attaches a token's digest to a block, under its own name",
  "TimestampAuthorities.register": "lists an authority; who verifies a token chooses whom to trust",
  "TimestampAuthorities.retire": "retires one from now on; earlier tokens stay",
  "VoucherFactory.create": "creates a voucher exactly as its partner applied for it",
  "VoucherFactory.refuse": "refuses an application, with a stored ground",
};

describe("The operator's key, should it be stolen", () => {
  const ROLE = { admin: 0, operator: 1, admission: 2, regulator: 3 } as const;

  it("holds no admin role: Council alone does", async () => {
    const p = await stage();
    const holders = async (role: number) => {
      const found: string[] = [];
      const everybody = [...CALLERS.map((caller) => addressOf(p, caller)), ...Object.values(p.addresses), ...SEATS];
      for (const address of new Set([...everybody, ...Object.values(SYSTEM_ADDRESSES)])) {
        const [member] = await p.accessManager.getFunction("hasRole")(role, address);
        if (member) found.push(address);
      }
      return found;
    };
    expect(await holders(ROLE.admin)).to.deep.equal([SYSTEM_ADDRESSES.Council]);
    expect(await holders(ROLE.operator)).to.deep.equal([p.operator.address]);
    expect(await holders(ROLE.admission)).to.have.members([p.operator.address, p.admissionParty.address]);
    expect(await holders(ROLE.regulator)).to.deep.equal([p.regulator.address]);
    for (const role of Object.values(ROLE)) {
      expect(await p.accessManager.getFunction("getRoleAdmin")(role)).to.equal(0n);
      expect(await p.accessManager.getFunction("getRoleGuardian")(role)).to.equal(0n);
    }
  });

  it("can grant and take no role, and make the AccessManager call nothing", async () => {
    const p = await stage();
    const from = p.operator.address;
    const addSeat = p.council.interface.encodeFunctionData("addSeat", [from]);
    const attempts: [string, unknown[]][] = [
      ["grantRole", [ROLE.admin, from, 0]],
      ["grantRole", [ROLE.regulator, from, 0]],
      ["revokeRole", [ROLE.admin, SYSTEM_ADDRESSES.Council]],
      ["setRoleAdmin", [ROLE.operator, ROLE.operator]],
      ["setTargetFunctionRole", [SYSTEM_ADDRESSES.Council, ["0x12345678"], ROLE.operator]],
      ["updateAuthority", [SYSTEM_ADDRESSES.Council, from]],
      ["execute", [SYSTEM_ADDRESSES.Council, addSeat]],
      ["schedule", [SYSTEM_ADDRESSES.Council, addSeat, 0]],
    ];
    for (const [fn, args] of attempts) {
      const answer = await refusalOf(p.accessManager, fn, args, from);
      expect(answer, fn).to.match(/^AccessManagerUnauthorized(Account|Call)$/);
    }
  });

  it("can upgrade nothing: every proxy asks for Council, and its code takes no call beside the proxy", async () => {
    const p = await stage();
    const slot = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);
    const candidates = [...Object.values(p.addresses), ...Object.values(SYSTEM_ADDRESSES)];
    const proxies: string[] = [];
    for (const address of candidates) {
      const implementation = `0x${(await ethers.provider.getStorage(address, slot)).slice(26)}`;
      if (BigInt(implementation) === 0n) continue;
      proxies.push(address);
      const proxy = p.records.attach(address) as typeof p.records;
      for (const caller of CALLERS.filter((one) => one !== "Council")) {
        const answer = await refusalOf(proxy, "upgradeToAndCall", [p.addresses.Account, "0x"], addressOf(p, caller));
        expect(answer, `${caller} upgrades ${address}`).to.equal("UnauthorisedNotCouncil");
      }
      const bare = p.records.attach(implementation) as typeof p.records;
      const direct = await refusalOf(bare, "upgradeToAndCall", [implementation, "0x"], SYSTEM_ADDRESSES.Council);
      expect(direct).to.equal("UUPSUnauthorizedCallContext");
    }
    // Council, Directory, Admission, Quota and those that were deployed later.
    expect(proxies).to.have.length(4 + PLAN.filter(({ proxied }) => proxied).length);
  });

  it("opens these functions, and every other one answers it as it answers a stranger", async () => {
    const p = await stage();
    const powers: string[] = [];
    for (const name of OURS) {
      const rows = await rowsOf(p, await find(p, name), (await rulesOf(name))(p, (await now()) + 3_600));
      const opened = rows.filter(({ may }) => may.includes("operator") && !may.includes("stranger"));
      powers.push(...opened.map((row) => `${name}.${row.name}`));
    }
    expect(powers.sort()).to.deep.equal(Object.keys(POWERS).sort());
  });

  it("makes nobody but a partner more than an applicant, who signs legal documents and nothing else", async () => {
    const p = await stage();
    const expiry = (await now()) + 3_600;
    for (const level of Object.values(LEVEL).filter((one) => one !== LEVEL.applicant)) {
      const args = [p.alice.address, level, false, expiry, GROUND];
      expect(await refusalOf(p.certifications, "certify", args, p.operator.address)).to.equal(
        "CertificationNotAuthorised",
      );
    }
  });

  it("is taken out of use by Council, whose vote it can not stop", async () => {
    const p = await stage();
    await decide(p, [p.accessManager, "revokeRole", [ROLE.operator, p.operator.address]]);
    expect(await refusalOf(p.directory, "create", ["0x00", GROUND], p.operator.address)).to.equal("Unauthorised");
  });

  it("is no account: it records, certifies itself and holds nothing", async () => {
    const p = await stage();
    const from = p.operator.address;
    const expiry = (await now()) + 3_600;
    const certified = [from, LEVEL.certificate, false, expiry, GROUND];
    expect(await refusalOf(p.certifications, "certify", certified, from)).to.equal("CertificationNotAuthorised");
    expect(await refusalOf(p.records, "record", [recordOf("x")], from)).to.equal("CertificationNotPermitted");
    expect(await refusalOf(p.voucher, "allocate", [from, 1], from)).to.equal("VoucherNotIssuer");
  });
});
