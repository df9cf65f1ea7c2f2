import { createHash } from "node:crypto";
import { getAddress } from "ethers";
import { formatAccountId } from "../../../src/core/account-id.ts";
import { eventDigest } from "../../../src/core/epcis.ts";
import { bytesToHex } from "../../../src/core/hex.ts";
import { objectId, recordId } from "../../../src/core/record-id.ts";
import type {
  AccountDetail,
  Block,
  Certification,
  EvidenceRecord,
  Holder,
  LegalSignature,
  Operation,
  Partner,
  RegistryObject,
  TimelineLink,
  Transfer,
  Voucher,
} from "../../../src/web/api/types.ts";

// A small registry: three institutions, a chain of records about one batch, a few single records, a voucher.

/** A partner's name is whatever it wrote; this one tries to be markup. */
export const MARKUP_NAME = 'Sunrise <img src="x" onerror="document.title=1"> Market & "Sons"';

const START = Date.parse("2026-11-20T08:00:00Z");
const HEAD = 1200;

export const hash = (text: string) => `0x${createHash("sha256").update(text).digest("hex")}`;
export const address = (text: string) => getAddress(hash(text).slice(0, 42));
export const timeOf = (block: number) => new Date(START + block * 3000).toISOString();

export const FARM = address("farm");
export const CARRIER = address("carrier");
export const MARKET = address("market");
export const USER = address("user");
export const OPERATOR = address("operator");

export const RECORDED_FILE = "Harvest certificate, batch 2026-1107\n";
export const REVOKED_FILE = "Laboratory report 17, first edition\n";

export const partners: Partner[] = [
  partner(FARM, "Greenfield Growers 绿野农场", ["identity", "evidence", "vouchers"]),
  partner(CARRIER, "Northern Cold Chain 北方冷链", ["evidence"]),
  partner(MARKET, MARKUP_NAME, ["identity", "evidence"]),
];

function partner(account: string, name: string, permissions: string[]): Partner {
  return {
    address: account,
    name,
    status: "admitted",
    permissions,
    admissionParty: OPERATOR,
    document: "partner-agreement",
    admittedBlock: 40,
  };
}

export const signature: LegalSignature = {
  document: "partner-agreement",
  version: 1,
  digest: hash("agreement"),
  signedDigest: hash("signed agreement"),
  location: "/documents/partner-agreement.txt",
  signedAt: timeOf(38),
  blockNumber: 38,
};

export const certifications: Certification[] = [
  certification(FARM, OPERATOR, 6),
  certification(CARRIER, OPERATOR, 6),
  certification(MARKET, OPERATOR, 6),
  certification(USER, FARM, 5),
];

function certification(account: string, certifier: string, level: number): Certification {
  return {
    account,
    certifier,
    level,
    status: "active",
    responsible: false,
    issuedAt: timeOf(41),
    expiresAt: timeOf(41 + 365 * 28_800),
    digest: hash(`identity of ${account}`),
    blockNumber: 41,
    endedBlock: null,
  };
}

const KEY = hash("batch 2026-1107");
const OBJECT = objectId(FARM, KEY);
const STORY: [owner: string, step: string][] = [
  [FARM, "harvested"],
  [FARM, "packed"],
  [CARRIER, "loaded"],
  [CARRIER, "delivered"],
  [MARKET, "on sale"],
];

const chained = STORY.map(([owner, step], index) => record(owner, hash(step), 900 + index * 40, OBJECT));

export const recorded = record(FARM, hash(RECORDED_FILE), 1100);
export const revoked: EvidenceRecord = {
  ...record(MARKET, hash(REVOKED_FILE), 1110),
  status: "revoked",
  reason: hash("wrong laboratory"),
};
const byUser = record(USER, hash("a user's own file"), 1150);

/** A traceability export; its first event is on record, its second is not. */
export const TRACE_EXPORT = {
  "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
  type: "EPCISDocument",
  schemaVersion: "2.0",
  epcisBody: {
    eventList: ["shipping", "receiving"].map((bizStep) => ({
      type: "ObjectEvent",
      eventTime: "2026-11-19T08:00:00Z",
      eventTimeZoneOffset: "+08:00",
      bizStep,
    })),
  },
};
const [shipping] = TRACE_EXPORT.epcisBody.eventList.map((event) => bytesToHex(eventDigest(event)));
const byEvent = record(CARRIER, shipping as string, 1160);

/** Newest first, as the query interface lists them. */
export const records: EvidenceRecord[] = [byEvent, byUser, revoked, recorded, ...[...chained].reverse()];

function record(owner: string, digest: string, blockNumber: number, subject: string | null = null): EvidenceRecord {
  return {
    id: recordId(owner, digest, subject ?? `0x${"0".repeat(64)}`),
    owner,
    digest,
    algorithm: "sha2-256",
    kind: 0,
    subject,
    responsible: null,
    businessKey: null,
    refersTo: null,
    recordedAt: timeOf(blockNumber),
    blockNumber,
    transactionHash: hash(`transaction ${blockNumber}`),
    status: "valid",
    supersededBy: null,
    reason: null,
  };
}

export const links: TimelineLink[] = chained.map((link, position) => ({
  position,
  previous: chained[position - 1]?.digest ?? null,
  digest: link.digest,
  record: link,
}));

export const object: RegistryObject = {
  id: OBJECT,
  owner: FARM,
  key: KEY,
  length: links.length,
  head: links.at(-1)?.digest ?? null,
  openedAt: timeOf(890),
  blockNumber: 890,
  writers: [CARRIER, MARKET],
};

export const accounts: AccountDetail[] = [FARM, CARRIER, MARKET, USER].map((account, index) => {
  const named = partners.find(({ address }) => address === account);
  return {
    address: account,
    accountId: formatAccountId(index + 1),
    creator: index === 3 ? FARM : OPERATOR,
    createdAt: timeOf(30 + index),
    blockNumber: 30 + index,
    level: index === 3 ? 5 : 6,
    certifications: certifications.filter((one) => one.account === account),
    name: index === 3 ? { name: "greenfield-growers", kind: "custom", certifier: FARM } : null,
    partner: named ? { name: named.name, status: named.status } : null,
  };
});

/** Account ID of the user, as somebody types it. */
export const USER_ID = formatAccountId(4).replace("-", " ");

export const voucher: Voucher = {
  address: address("voucher"),
  name: "Batch 2026-1107 tasting coupon 品鉴券",
  symbol: "TASTE",
  product: "One box of apples from batch 2026-1107, collected at the market",
  issuer: FARM,
  decimals: 0,
  cap: "5000",
  circulating: "1250",
  holders: 2,
  holderLevel: 5,
  legalCategory: "goods-coupon",
  termsDigest: hash("terms"),
  declarationDigest: hash("declaration"),
  uri: "javascript:document.title=1",
  createdAt: timeOf(1000),
  blockNumber: 1000,
};

export const holders: Holder[] = [
  { holder: USER, lot: "0", amount: "950" },
  { holder: FARM, lot: "0", amount: "300" },
];

export const transfers: Transfer[] = [transfer(FARM, USER, "950", 1050), transfer(null, FARM, "1250", 1040)];

function transfer(sender: string | null, recipient: string, amount: string, blockNumber: number): Transfer {
  return {
    sender,
    recipient,
    amount,
    time: timeOf(blockNumber),
    blockNumber,
    logIndex: 1,
    lot: "0",
    transactionHash: hash(`transaction ${blockNumber}`),
  };
}

export const operation: Operation = {
  hash: hash("operation"),
  sender: USER,
  state: "included",
  success: true,
  blockNumber: 1150,
  transactionHash: hash("transaction 1150"),
  deadline: 1300,
};

export const blocks: Block[] = Array.from({ length: 60 }, (_, index) => {
  const number = HEAD - index;
  return {
    number,
    hash: hash(`block ${number}`),
    parentHash: hash(`block ${number - 1}`),
    timestamp: timeOf(number),
    proposer: address("proposer"),
    transactionCount: number % 3,
    gasUsed: (number % 3) * 81_000,
  };
});
