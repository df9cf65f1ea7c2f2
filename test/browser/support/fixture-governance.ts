import type {
  AgreementDetail,
  BatchDetail,
  FlowDay,
  LegalDocument,
  Order,
  Recognition,
  Redemption,
  Seals,
  TimestampToken,
  Validator,
} from "../../../src/web/api/types.ts";
import { address, CARRIER, FARM, hash, MARKET, OPERATOR, recorded, signature, timeOf, USER } from "./fixture-data.ts";

// The small registry, continued: agreements, orders, bookkeepers, recognitions, what moved of the voucher.

export const RECOGNITION: Recognition = { partner: MARKET, recognised: FARM, fromLevel: 5 };
export const recognitions: Recognition[] = [
  RECOGNITION,
  { partner: FARM, recognised: MARKET, fromLevel: 6 },
  { partner: CARRIER, recognised: FARM, fromLevel: 4 },
];

export const agreement: AgreementDetail = {
  id: hash("agreement on delivery"),
  proposer: FARM,
  digest: hash("delivery contract"),
  status: "proposed",
  parties: 3,
  lastBlock: 5000,
  proposedBlock: 1120,
  closedBlock: null,
  transactionHash: hash("transaction 1120"),
  confirmations: [
    { party: FARM, confirmed: true },
    { party: CARRIER, confirmed: true },
    { party: MARKET, confirmed: false },
  ],
};
const lapsed: AgreementDetail = { ...agreement, id: hash("lapsed agreement"), lastBlock: 1130 };
export const agreements = [agreement, lapsed];

export const orders: Order[] = [
  {
    id: 1,
    authority: OPERATOR,
    subject: USER,
    executor: FARM,
    target: null,
    callDigest: null,
    document: hash("order 1"),
    location: "https://authority.example/orders/1",
    status: "executed",
    lastBlock: 2000,
    filedBlock: 1105,
    closedBlock: 1108,
    result: hash("report on order 1"),
    transactionHash: hash("transaction 1105"),
  },
];

export const batch: BatchDetail = {
  id: hash("batch of records"),
  owner: FARM,
  root: hash("root of the batch"),
  records: 250_000,
  responsible: null,
  anchoredAt: timeOf(1125),
  blockNumber: 1125,
  transactionHash: hash("transaction 1125"),
  revoked: [{ leaf: "17", reason: hash("entered twice") }],
};

/** A block that too few sealed. */
export const SHORT_BLOCK = 1198;

const NODES = ["node 1", "node 2", "node 3", "node 4"].map(address);

export const validators: Validator[] = NODES.map((validator, index) => ({
  validator,
  seat: address(`seat ${index}`),
  epoch: 0,
  blockNumber: 0,
}));

/** One block has too few seals; the very first has none. */
export function seals(number: number): Seals {
  const count = number === SHORT_BLOCK ? 2 : 3;
  return {
    number,
    state: number === 0 ? "unsealed" : count === 2 ? "short" : "sealed",
    round: number === 0 ? null : number % 3,
    needed: number === 0 ? null : 3,
    validators: NODES.map((one, index) => ({ address: one, sealed: number === 0 ? null : index < count })),
  };
}

export const tokens: TimestampToken[] = [
  {
    object: recorded.id,
    authority: 1,
    tokenDigest: hash("token"),
    statedAt: timeOf(1102),
    transactionHash: hash("transaction 1102"),
  },
];

export const documents: LegalDocument[] = [
  {
    document: signature.document,
    version: 1,
    publisher: OPERATOR,
    digest: signature.digest,
    location: "/documents/partner-agreement.txt",
    publishedAt: timeOf(10),
    blockNumber: 10,
  },
];

export const redemptions: Redemption[] = [
  { id: 1, holder: USER, lot: "0", amount: "20", status: "presented", lastBlock: 1400, presentedBlock: 1150 },
];

/** Something moves on the last day but one and on the last. */
export function flows(days: number): FlowDay[] {
  const none = { allocated: "0", transferred: "0", redeemed: "0", movements: 0 };
  const last = Date.parse("2026-11-20T00:00:00Z");
  return Array.from({ length: days }, (_, index) => {
    const ago = days - 1 - index;
    const day = new Date(last - ago * 86_400_000).toISOString().slice(0, 10);
    if (ago === 1) return { ...none, day, allocated: "1250", movements: 1 };
    return ago === 0 ? { ...none, day, transferred: "950", redeemed: "40", movements: 2 } : { ...none, day };
  });
}
