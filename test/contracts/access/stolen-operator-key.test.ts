import { expect } from "chai";
import { id, toBeHex } from "ethers";
import { PLAN } from "../../../scripts/deployment/plan.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { ethers, now } from "../support/chain.ts";
import { LEVEL } from "../support/participants.ts";
import { SEATS } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";
import { addressOf, CALLERS } from "./callers.ts";
import { refusalOf } from "./refusal.ts";
import { GROUND } from "./rule.ts";
import { stage } from "./stage.ts";

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

  it("is no account: it records, certifies itself and holds nothing", async () => {
    const p = await stage();
    const from = p.operator.address;
    const expiry = (await now()) + 3_600;
    const certified = [from, LEVEL.certificate, false, expiry, GROUND];
    expect(await refusalOf(p.certifications, "certify", certified, from)).to.equal("CertificationNotAccount");
    expect(await refusalOf(p.records, "record", [recordOf("x")], from)).to.equal("CertificationNotPermitted");
    expect(await refusalOf(p.voucher, "allocate", [from, 1], from)).to.equal("VoucherNotIssuer");
  });
});
