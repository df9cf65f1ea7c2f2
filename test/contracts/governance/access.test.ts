import { expect } from "chai";
import { type BaseContract, encodeBytes32String, Interface, type InterfaceAbi, id, toBeHex, ZeroHash } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { SYSTEM_ADDRESSES } from "../../../src/chain/system-addresses.ts";
import { BATCH_MODE, encodeBatch } from "../../../src/core/execution.ts";
import { digestOf, walletOf } from "../support/actors.ts";
import { ethers, now } from "../support/chain.ts";
import { readFailure, revertData } from "../support/errors.ts";
import { startFrom } from "../support/fixtures.ts";
import { callOf, expectExecuted } from "../support/operations.ts";
import { LEVEL, town } from "../support/participants.ts";
import { AGREEMENT, accountAt, relayAddress, SEATS } from "../support/platform.ts";
import { recordOf } from "../support/records.ts";
import { application, makeVoucher } from "../support/vouchers.ts";

/** Who calls. Accounts call as their operations would; Council as its proposals would. */
const CALLERS = [
  "stranger",
  "operator",
  "admission party",
  "regulator",
  "seat",
  "relay",
  "user",
  "partner",
  "other partner",
  "Council",
  "EntryPoint",
] as const;
type Caller = (typeof CALLERS)[number];

/** A function, arguments that get it as far as its check, who passes that check, and how the others are refused. */
interface Rule {
  args: readonly unknown[];
  may: readonly Caller[] | "everybody";
  refusal: readonly string[];
}

const GROUND = digestOf("ground");
const COUNCIL_ONLY: Pick<Rule, "may" | "refusal"> = { may: ["Council"], refusal: ["UnauthorisedNotCouncil"] };
const OPERATOR_ONLY: Pick<Rule, "may" | "refusal"> = { may: ["operator"], refusal: ["Unauthorised"] };
const ADMISSION: Pick<Rule, "may" | "refusal"> = { may: ["operator", "admission party"], refusal: ["Unauthorised"] };
const NOBODY: Pick<Rule, "may"> = { may: [] };

async function settle() {
  const p = await town();
  const voucher = await makeVoucher(p, p.bank);
  const relay = walletOf("the bank's relay").address;
  expectExecuted(await p.bank.call(voucher, "allocate", [p.alice.address, 10]));
  expectExecuted(await p.bank.call(p.admission, "registerRelay", [relay]));
  expectExecuted(await p.bank.call(p.quota, "sponsor", [p.alice.address]));
  expectExecuted(await p.bank.call(p.voucherFactory, "applyFor", [application()]));
  const record = recordOf("data");
  const key = digestOf("key");
  const calls = [callOf(p.records, "record", [record]), callOf(p.records, "openObject", [key, []])];
  expectExecuted(await p.alice.operate(calls));
  await p.council.connect(p.seats[0]).propose([], GROUND);
  return { ...p, voucher, relay, record, object: await p.records.objectId(p.alice.address, key) };
}

type Settled = Awaited<ReturnType<typeof settle>>;

function addressOf(p: Settled, caller: Caller): string {
  const addresses: Record<Caller, string> = {
    stranger: p.stranger.address,
    operator: p.operator.address,
    "admission party": p.admissionParty.address,
    regulator: p.regulator.address,
    seat: SEATS[0] ?? "",
    relay: relayAddress,
    user: p.alice.address,
    partner: p.bank.address,
    "other partner": p.dairy.address,
    Council: SYSTEM_ADDRESSES.Council,
    EntryPoint: SYSTEM_ADDRESSES.EntryPoint,
  };
  return addresses[caller];
}

/** Who may call what: every function of every contract that changes state. */
function rules(p: Settled, expiry: number): Record<string, Record<string, Rule>> {
  const { alice, record, object } = p;
  const nobody = walletOf("nobody").address;
  const name = encodeBytes32String("x");
  const upgradeToAndCall = { args: [p.addresses.Account, "0x"], ...COUNCIL_ONLY };
  const closed = { ...NOBODY, refusal: ["UnauthorisedNotCouncil"] };
  const executionData = `0x${encodeBatch([{ target: alice.address, data: "0x" }]).slice(202)}`;
  const partner = ["partner", "other partner"] as const;
  const evidence = { may: ["user", ...partner] as const, refusal: ["CertificationNotPermitted"] };
  const operation = [alice.address, 0, "0x", "0x", ZeroHash, 0, ZeroHash, "0x", "0x"];
  return {
    Admission: {
      initialise: { args: [nobody, [], [], [1, 1, 1], 1], ...closed },
      admit: { args: [nobody, 3, 1], ...COUNCIL_ONLY },
      remove: { args: [relayAddress, GROUND], ...COUNCIL_ONLY },
      setPeriod: { args: [5], ...COUNCIL_ONLY },
      registerRelay: { args: [nobody], may: partner, refusal: ["AdmissionNotPartner"] },
      withdrawRelay: { args: [p.relay], may: ["partner"], refusal: ["AdmissionNotRelayOwner"] },
      blockRelay: { args: [p.relay, GROUND], ...OPERATOR_ONLY },
      upgradeToAndCall,
    },
    Council: {
      initialise: { args: [[nobody], 1, 1], ...NOBODY, refusal: ["CouncilOnly"] },
      propose: { args: [[], GROUND], may: ["seat"], refusal: ["CouncilNotASeat"] },
      vote: { args: [1], may: ["seat"], refusal: ["CouncilNotASeat"] },
      execute: { args: [1, []], may: ["seat"], refusal: ["CouncilNotASeat"] },
      cancel: { args: [1], may: ["seat"], refusal: ["CouncilNotProposer"] },
      addSeat: { args: [nobody], may: ["Council"], refusal: ["CouncilOnly"] },
      removeSeat: { args: [SEATS[1]], may: ["Council"], refusal: ["CouncilOnly"] },
      setTerms: { args: [1, 1], may: ["Council"], refusal: ["CouncilOnly"] },
      upgradeToAndCall,
    },
    Directory: {
      initialise: { args: [[], [], []], ...closed },
      register: { args: [name, p.addresses.Account, GROUND], ...OPERATOR_ONLY },
      replace: { args: [encodeBytes32String("Records"), p.addresses.Account, GROUND], ...COUNCIL_ONLY },
      // Contracts that are listed by name; of these only VoucherFactory has code that calls it.
      registerInstance: { args: [nobody], may: ["Council", "EntryPoint"], refusal: ["DirectoryNotAFactory"] },
      upgradeToAndCall,
    },
    LegalDocuments: {
      publish: { args: [name, GROUND, ""], ...ADMISSION },
      sign: {
        args: [AGREEMENT, 9, GROUND, "", "0x"],
        may: ["user", ...partner],
        refusal: ["LegalDocumentNotPermitted"],
      },
      upgradeToAndCall,
    },
    Quota: {
      initialise: { args: [[], [], 1], ...closed },
      charge: { args: ["0x"], may: ["user", ...partner], refusal: ["QuotaUncertified"] },
      setStanding: { args: [alice.address, 6, 1], ...NOBODY, refusal: ["QuotaNotCertifications"] },
      publishPrices: {
        args: [SYSTEM_ADDRESSES.Quota, [], []],
        may: ["operator", "Council"],
        refusal: ["Unauthorised"],
      },
      publishBytePrice: { args: [5], ...COUNCIL_ONLY },
      setClass: { args: [20, { ceiling: 1, grant: 1, initial: 1, periodBlocks: 1 }], ...COUNCIL_ONLY },
      assignClass: { args: [alice.address, 0], ...OPERATOR_ONLY },
      sponsor: { args: [p.carol.address], may: ["other partner"], refusal: ["PartnerNotAdmitted", "QuotaNotSponsor"] },
      endSponsorship: { args: [alice.address], may: ["user", "partner"], refusal: ["QuotaNotSponsor"] },
      upgradeToAndCall,
    },
    Partners: {
      admit: { args: [alice.address, 1, AGREEMENT, "x"], ...ADMISSION },
      setPermissions: { args: [p.bank.address, 1], ...ADMISSION },
      suspend: { args: [p.bank.address, GROUND], ...OPERATOR_ONLY },
      reinstate: { args: [p.bank.address, GROUND], ...OPERATOR_ONLY },
      terminate: { args: [p.bank.address, GROUND], ...OPERATOR_ONLY },
      recognise: { args: [p.school.address, 5], may: partner, refusal: ["PartnerNotAdmitted"] },
      upgradeToAndCall,
    },
    AccountFactory: {
      create: {
        args: [nobody, ZeroHash],
        may: ["operator", "admission party", ...partner],
        refusal: ["AccountFactoryNotAuthorised"],
      },
      upgradeToAndCall,
    },
    Certifications: {
      initialise: { args: [], ...closed },
      certify: {
        args: [alice.address, LEVEL.realName, false, expiry, GROUND],
        may: ["operator", "admission party", ...partner],
        refusal: ["CertificationNotAuthorised"],
      },
      suspend: { args: [alice.address, GROUND], may: ["partner"], refusal: ["CertificationWrongStatus"] },
      resume: {
        args: [p.bob.address, GROUND],
        may: ["partner"],
        refusal: ["CertificationNotAuthorised", "CertificationWrongStatus"],
      },
      revoke: { args: [alice.address, GROUND], may: ["partner"], refusal: ["CertificationWrongStatus"] },
      setLevel: { args: [LEVEL.phone, 1, 1], ...COUNCIL_ONLY },
      upgradeToAndCall,
    },
    Records: {
      record: { args: [recordOf("new")], ...evidence },
      recordMany: { args: [[recordOf("new")]], ...evidence },
      openObject: { args: [digestOf("new"), []], ...evidence },
      setWriter: { args: [object, nobody, true], may: ["user"], refusal: ["ObjectNotOwner"] },
      append: { args: [object, ZeroHash, recordOf("link")], may: ["user"], refusal: ["ObjectNotWriter"] },
      revoke: { args: [record.digest, ZeroHash, GROUND], may: ["user"], refusal: ["RecordUnknown"] },
      supersede: {
        args: [record.digest, ZeroHash, GROUND, ZeroHash, GROUND],
        may: ["user"],
        refusal: ["RecordUnknown"],
      },
      upgradeToAndCall,
    },
    VoucherFactory: {
      applyFor: { args: [application()], may: partner, refusal: ["PartnerNotAdmitted"] },
      withdraw: { args: [2], may: ["partner"], refusal: ["VoucherApplicationNotIssuer"] },
      create: { args: [2], ...OPERATOR_ONLY },
      refuse: { args: [2, GROUND], ...OPERATOR_ONLY },
      upgradeToAndCall,
    },
    Voucher: {
      initialise: { args: [nobody, application()], ...NOBODY, refusal: ["InvalidInitialization"] },
      allocate: { args: [alice.address, 1], may: ["partner"], refusal: ["VoucherNotIssuer"] },
      allocateMany: { args: [[alice.address], [1]], may: ["partner"], refusal: ["VoucherNotIssuer"] },
      safeTransferFrom: {
        args: [alice.address, p.bob.address, 0, 1, "0x"],
        may: ["user"],
        refusal: ["ERC1155MissingApprovalForAll"],
      },
      safeBatchTransferFrom: {
        args: [alice.address, p.bob.address, [0], [1], "0x"],
        may: ["user"],
        refusal: ["ERC1155MissingApprovalForAll"],
      },
      setApprovalForAll: { args: [nobody, true], may: "everybody", refusal: [] },
    },
    Account: {
      initialise: { args: [nobody], ...NOBODY, refusal: ["AccountInitialised"] },
      setSigner: { args: [nobody], may: ["user", "EntryPoint"], refusal: ["AccountUnauthorized"] },
      execute: { args: [BATCH_MODE, executionData], may: ["user", "EntryPoint"], refusal: ["AccountUnauthorized"] },
      validateUserOp: { args: [operation, ZeroHash, 0], may: ["EntryPoint"], refusal: ["AccountUnauthorized"] },
      onERC1155Received: { args: [nobody, nobody, 0, 1, "0x"], may: "everybody", refusal: [] },
      onERC1155BatchReceived: { args: [nobody, nobody, [0], [1], "0x"], may: "everybody", refusal: [] },
    },
  };
}

/** Functions of a contract that can change state. */
function functionsOf(contract: keyof typeof abi): string[] {
  const names: string[] = [];
  new Interface(abi[contract] as InterfaceAbi).forEachFunction(({ name, constant }) => {
    if (!constant) names.push(name);
  });
  return names.sort();
}

/** How a caller is refused, or undefined when the call gets past the check or through. */
async function refusalOf(contract: BaseContract, name: string, args: readonly unknown[], from: string) {
  try {
    await contract.getFunction(name).staticCall(...args, { from });
    return undefined;
  } catch (error) {
    const data = revertData(error);
    if (data === undefined) throw error;
    return readFailure(data).name;
  }
}

describe("Who may call what", () => {
  const start = async () => {
    const p = await startFrom(settle);
    const contracts: Record<string, BaseContract> = {
      Admission: p.admission,
      Council: p.council,
      Directory: p.directory,
      LegalDocuments: p.legalDocuments,
      Quota: p.quota,
      Partners: p.partners,
      AccountFactory: p.accountFactory,
      Certifications: p.certifications,
      Records: p.records,
      VoucherFactory: p.voucherFactory,
      Voucher: p.voucher,
      Account: accountAt(p.alice.address),
    };
    return { p, contracts, matrix: rules(p, (await now()) + 3_600) };
  };

  it("is said of every function of every contract that changes state", async () => {
    const { matrix } = await start();
    const ours = Object.keys(abi).filter((name) => name !== "AccessManager" && name !== "EntryPoint");
    expect(Object.keys(matrix).sort()).to.deep.equal(ours.sort());
    for (const name of ours) {
      const said = Object.keys(matrix[name] ?? {}).sort();
      expect(said, name).to.deep.equal(functionsOf(name as keyof typeof abi));
    }
  });

  for (const name of Object.keys(abi).filter((contract) => contract !== "AccessManager" && contract !== "EntryPoint")) {
    it(`holds for ${name}, whoever calls`, async () => {
      const { p, contracts, matrix } = await start();
      for (const [fn, { args, may, refusal }] of Object.entries(matrix[name] ?? {})) {
        for (const caller of CALLERS) {
          const answer = await refusalOf(contracts[name] as BaseContract, fn, args, addressOf(p, caller));
          const refused = answer !== undefined && refusal.includes(answer);
          // `resume` refuses a partner only because nothing is suspended.
          const expected = may === "everybody" || may.includes(caller);
          const text = `${caller} -> ${name}.${fn}: ${answer ?? "passes"}`;
          expect(!refused || (fn === "resume" && caller === "partner"), text).to.equal(expected);
          if (!expected) expect(refusal, text).to.include(answer);
        }
      }
    });
  }
});

describe("The operator's key, should it be stolen", () => {
  const ROLE = { admin: 0, operator: 1, admission: 2, regulator: 3 } as const;

  it("holds no admin role: Council alone does", async () => {
    const p = await startFrom(settle);
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
    const p = await startFrom(settle);
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
    const p = await startFrom(settle);
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
    // Council, Directory, Admission, Quota and the six that were deployed later.
    expect(proxies).to.have.length(10);
  });

  it("is no account: it records, certifies itself and holds nothing", async () => {
    const p = await startFrom(settle);
    const from = p.operator.address;
    const expiry = (await now()) + 3_600;
    const certified = [from, LEVEL.certificate, false, expiry, GROUND];
    expect(await refusalOf(p.certifications, "certify", certified, from)).to.equal("CertificationNotAccount");
    expect(await refusalOf(p.records, "record", [recordOf("x")], from)).to.equal("CertificationNotPermitted");
    expect(await refusalOf(p.voucher, "allocate", [from, 1], from)).to.equal("VoucherNotIssuer");
  });
});
