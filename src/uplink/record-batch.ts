import { BropError } from "../core/errors.ts";
import type { Call } from "../core/execution.ts";
import { existingRecords } from "../store/queries/uplink/existing-records.ts";
import type { Caller, Form, Terms } from "./form.ts";
import type { BookEntry, ContractBook } from "./forms/contract-book.ts";
import { type MadeRecord, makeRecord } from "./forms/record.ts";
import { recordsGas } from "./gas-limits.ts";
import type { BatchPlan } from "./operation-batch.ts";
import type { Plan, Submissions } from "./submissions.ts";

/** Records of one operation: more neither fit a transaction's gas nor its bytes. */
const MOST_RECORDS = 500;

/** A record of the batch that may still be recorded. */
interface Candidate {
  index: number;
  record: MadeRecord;
}

/**
 * Plans many records of one account, packed into as few operations as fit. Each item is judged for itself: one that has a
 * fault, stands there twice or is on record already is named, and the others go on without it.
 * @param parse turns an item as it came into the arguments of a record, or throws why it is none
 */
export async function planRecords(
  submissions: Submissions,
  book: ContractBook,
  caller: Caller,
  terms: Terms,
  given: readonly unknown[],
  parse: (item: unknown) => Parameters<typeof makeRecord>[1],
): Promise<BatchPlan> {
  const { account } = terms;
  const items: BatchPlan["items"] = given.map(() => ({ content: {} }));
  const candidates: Candidate[] = [];
  const seen = new Map<string, number>();
  const refuse = (index: number, problem: BropError) => {
    items[index] = { content: items[index]?.content ?? {}, problem };
  };
  for (const [index, item] of given.entries()) {
    try {
      const record = makeRecord(account, parse(item));
      items[index] = { content: record.content };
      const first = seen.get(record.content.record);
      if (first === undefined) candidates.push({ index, record });
      else refuse(index, new BropError("evidence.exists", { ...record.content, sameAsItem: first }));
      seen.set(record.content.record, first ?? index);
    } catch (error) {
      refuse(index, BropError.from(error));
    }
  }
  const known = await existingRecords(submissions.db, [...seen.keys()]);
  const open = candidates.filter(({ index, record }) => {
    if (!known.has(record.content.record)) return true;
    refuse(index, new BropError("evidence.exists", { ...record.content }));
    return false;
  });
  const faults = await submissions.dataFaults(
    caller,
    open.flatMap(({ record }) => record.keep),
  );
  const sound = open.filter(({ index, record }) => {
    const fault = record.keep.map((one) => faults.get(one)).find((found) => found !== undefined);
    if (fault !== undefined) refuse(index, fault);
    return fault === undefined;
  });
  const packer = new Packer(submissions, await book.find("Records"), caller, terms, refuse);
  const plans = await packer.pack(sound);
  for (const [plan, { members }] of plans.entries()) {
    for (const { index, record } of members) items[index] = { content: record.content, plan };
  }
  return { caller, kind: "records", plans: plans.map(({ plan }) => plan), items };
}

interface Packed {
  plan: Plan;
  members: readonly Candidate[];
}

/** Puts records into operations, each as large as gas, bytes and the account's points allow. */
class Packer {
  readonly #submissions: Submissions;
  readonly #records: BookEntry;
  readonly #caller: Caller;
  readonly #terms: Terms;
  readonly #refuse: (index: number, problem: BropError) => void;
  #size = MOST_RECORDS;

  constructor(
    submissions: Submissions,
    records: BookEntry,
    caller: Caller,
    terms: Terms,
    refuse: (index: number, problem: BropError) => void,
  ) {
    this.#submissions = submissions;
    this.#records = records;
    this.#caller = caller;
    this.#terms = terms;
    this.#refuse = refuse;
  }

  async pack(candidates: readonly Candidate[]): Promise<Packed[]> {
    const packed: Packed[] = [];
    for (let rest = candidates; rest.length > 0; ) {
      const members = rest.slice(0, this.#size);
      const outcome = await this.#try(members);
      if (typeof outcome === "number") {
        this.#size = Math.max(1, Math.floor(members.length * outcome));
      } else if (outcome instanceof BropError) {
        rest = this.#withoutFault(rest, members, outcome);
      } else {
        packed.push({ plan: outcome, members });
        rest = rest.slice(members.length);
      }
    }
    return packed;
  }

  /** The plan of an operation with these records; which part of them to try instead, or why they can not be recorded. */
  async #try(members: readonly Candidate[]): Promise<Plan | number | BropError> {
    try {
      return await this.#submissions.plan(this.#caller, this.#form(members), this.#terms, recordsGas(members.length));
    } catch (thrown) {
      const error = BropError.from(thrown);
      const part = PARTS.get(error.code);
      if (members.length > 1 && part !== undefined) return part;
      if (error.httpStatus >= 500) throw error;
      return error;
    }
  }

  #form(members: readonly Candidate[]): Form {
    const { address, interface: abi } = this.#records;
    const inputs = members.map(({ record }) => record.input);
    const call: Call = { target: address, data: abi.encodeFunctionData("recordMany", [inputs]) };
    const keep = members.flatMap(({ record }) => record.keep);
    return { kind: "records", calls: [call], content: { records: members.length }, keep };
  }

  /** What is left to try: without the one that the contract names, or without all of them. */
  #withoutFault(rest: readonly Candidate[], members: readonly Candidate[], fault: BropError): readonly Candidate[] {
    const named = fault.code === "evidence.exists" ? fault.details.id : undefined;
    const culprit = members.find(({ record }) => record.content.record === named);
    const refused = culprit === undefined ? members : [culprit];
    for (const { index } of refused) this.#refuse(index, fault);
    return rest.filter((candidate) => !refused.includes(candidate));
  }
}

// Fewer records take less gas, fewer bytes and fewer points.
const PARTS: ReadonlyMap<string, number> = new Map([
  ["operation.gas-too-high", 0.9],
  ["request.too-large", 0.9],
  ["quota.exhausted", 0.5],
]);
