import type { NodeRpc } from "../chain/rpc-client.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";
import { parseUserOperation, toRpc, type UserOperation } from "../core/user-operation.ts";
import type { Database } from "../store/database.ts";
import { findInclusions } from "../store/queries/uplink/ends.ts";
import {
  findByHashes,
  findPlaces,
  findSubmission,
  insertSubmissions,
  type NewSubmission,
  type SubmissionRow,
  signSubmissions,
} from "../store/queries/uplink/submissions.ts";
import type { Caller, DataToKeep, Form, KeepData, Terms } from "./form.ts";
import { newSubmissionId } from "./identifiers.ts";
import { deadlineOf, OperationCheck } from "./operation-check.ts";
import { type Made, prepareOperation, signedOperation } from "./prepare.ts";
import type { SignFor } from "./sign-for.ts";

export interface SubmissionsOptions {
  db: Database;
  /** A node of the chain that is trusted: operations are tried there before anybody else sees them. */
  rpc: NodeRpc;
  chainId: number;
  /** Keeps business data; without it a request that names a schema is refused. */
  keepData?: KeepData | undefined;
  /** Signs for accounts whose key is kept here; without it every caller signs. */
  signFor?: SignFor | undefined;
  clock?: Clock;
}

/** A signature that a submission waits for, or why it is not taken. */
export type CheckedSignature =
  | { id: string; row: SubmissionRow; operation: UserOperation; fault?: undefined }
  | { id: string; row?: SubmissionRow; fault: BropError };

/** What is to be stored: everything was checked, and nothing was done yet. */
export interface Plan {
  caller: Caller;
  kind: string;
  content: Record<string, unknown>;
  made: Made;
  batch?: string;
  keep?: readonly DataToKeep[];
}

/**
 * Takes things in for the uplink (MW-3): makes or checks operations and stores them. A submission that is stored is
 * brought to its end by `Uplink`, in whichever process that runs.
 */
export class Submissions {
  readonly db: Database;
  readonly check: OperationCheck;
  readonly chainId: number;
  readonly #keepData: KeepData | undefined;
  readonly #signFor: SignFor | undefined;
  readonly #clock: Clock;

  constructor({ db, rpc, chainId, keepData, signFor, clock = systemClock }: SubmissionsOptions) {
    this.db = db;
    this.chainId = chainId;
    this.check = new OperationCheck(rpc, chainId);
    this.#keepData = keepData;
    this.#signFor = signFor;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  /**
   * Plans a form's submission: with a signature it is checked, without one it is prepared.
   * @param knownGas call gas where it is known without asking
   * @throws BropError why it can not be included
   */
  async plan(caller: Caller, form: Form, terms: Terms, knownGas?: bigint): Promise<Plan> {
    this.#checkKeep(form.keep);
    const { kind, content, keep = [] } = form;
    const head = await this.check.head();
    const { db, check, chainId } = this;
    if (terms.signature !== undefined) {
      const made = signedOperation(form, terms, chainId);
      const [fault] = await this.faults(caller, [made], head);
      if (fault !== undefined) throw fault;
      return { caller, kind, content, made, keep };
    }
    const prepared = await prepareOperation(form, terms, { db, check, chainId, head }, knownGas);
    if (knownGas !== undefined || terms.gas?.callGasLimit !== undefined) {
      const fault = await check.executionFault(prepared.operation);
      if (fault !== undefined) throw fault;
    }
    return { caller, kind, content, made: await this.signHere(prepared), keep };
  }

  /** Signs a prepared operation where the account's key is kept here. */
  async signHere(prepared: Made): Promise<Made> {
    const { operation, hash } = prepared;
    const signature = await this.#signFor?.(operation, hash);
    return signature === undefined ? prepared : { ...prepared, operation: { ...operation, signature }, signed: true };
  }

  /**
   * Why signed operations can not be included, for each. One that is on the chain already is welcome: its end is known.
   */
  async faults(caller: Caller, all: readonly Made[], head: number): Promise<(BropError | undefined)[]> {
    const operations = all.map(({ operation }) => operation);
    const faults = await this.check.faults(operations, head);
    const doubtful = all.filter((_, index) => MAY_BE_INCLUDED.has(faults[index]?.code ?? ""));
    const hashes = doubtful.map(({ hash }) => hash);
    const known = new Set<string>();
    if (doubtful.length > 0) {
      for (const { hash } of await findInclusions(this.db, hashes)) known.add(hash);
      for (const hash of (await findByHashes(this.db, caller.tenant, hashes)).keys()) known.add(hash);
    }
    const taken = await findPlaces(this.db, caller.tenant, operations);
    return all.map((one, index) => (known.has(one.hash) ? undefined : (faults[index] ?? displaced(one, taken))));
  }

  /**
   * Stores what was planned, in the caller's transaction. The same operation of the same tenant is one submission: given
   * again it stays as it is, except that it takes a signature that it waited for.
   * @returns the submissions in the order of the plans
   */
  async store(tx: Database, plans: readonly Plan[]): Promise<SubmissionRow[]> {
    const [first] = plans;
    if (first === undefined) return [];
    const { tenant } = first.caller;
    const rows = plans.map((plan) => this.#rowOf(plan));
    const inserted = await insertSubmissions(tx, rows);
    const found = await findByHashes(
      tx,
      tenant,
      rows.map(({ hash }) => hash),
    );
    const signed = plans.flatMap(({ made: { hash, operation, signed } }) => {
      const row = found.get(hash);
      return signed && row?.state === "received" ? [{ id: row.id, operation: toRpc(operation) }] : [];
    });
    await signSubmissions(tx, tenant, signed, this.now());
    const isNew = (index: number) => inserted.has(rows[index]?.id ?? "");
    const keep = plans.flatMap((plan, index) => (isNew(index) ? (plan.keep ?? []) : []));
    for (const fault of (await this.#keep(tx, tenant, keep)).values()) throw fault;
    const now = signed.length === 0 ? found : await findByHashes(tx, tenant, [...found.keys()]);
    return plans.map(({ made }) => now.get(made.hash) as SubmissionRow);
  }

  /** Checks signatures for submissions that wait for one; for each why it is not taken. */
  async checkSignatures(
    caller: Caller,
    signatures: readonly { id: string; signature: string }[],
  ): Promise<CheckedSignature[]> {
    const rows = await Promise.all(signatures.map(({ id }) => findSubmission(this.db, caller.tenant, id)));
    const parsed = rows.map((row, index) =>
      row === undefined ? undefined : parseUserOperation({ ...row.operation, signature: signatures[index]?.signature }),
    );
    const head = await this.check.head();
    const operations = parsed.filter((operation) => operation !== undefined);
    const faults = await this.check.faults(operations, head);
    return rows.map((row, index): CheckedSignature => {
      const id = signatures[index]?.id as string;
      const operation = parsed[index];
      if (row === undefined || operation === undefined) {
        return { id, fault: new BropError("resource.not-found", { submission: id }) };
      }
      if (row.state === "received") {
        const fault = faults[operations.indexOf(operation)];
        return fault === undefined ? { id, row, operation } : { id, row, fault };
      }
      // The same signature once more: its answer was lost.
      if (row.operation.signature === operation.signature) return { id, row, operation };
      const { state, deadline } = row;
      const fault =
        state === "expired"
          ? new BropError("operation.expired", { submission: id, deadline })
          : new BropError("submission.not-waiting", { submission: id, state });
      return { id, row, fault };
    });
  }

  /** Stores a checked signature. @throws BropError `submission.not-waiting` when something else was quicker */
  async storeSignature(tx: Database, row: SubmissionRow, operation: UserOperation): Promise<SubmissionRow> {
    await signSubmissions(tx, row.tenant, [{ id: row.id, operation: toRpc(operation) }], this.now());
    const now = (await findSubmission(tx, row.tenant, row.id)) as SubmissionRow;
    if (now.operation.signature === operation.signature) return now;
    throw new BropError("submission.not-waiting", { submission: now.id, state: now.state });
  }

  /** @throws BropError `resource.not-found`, also for one of somebody else: whether that exists is nobody's business */
  async own({ tenant }: Caller, id: string): Promise<SubmissionRow> {
    const row = await findSubmission(this.db, tenant, id);
    if (row === undefined) throw new BropError("resource.not-found", { submission: id });
    return row;
  }

  /** Why data can not be kept, for those that can not; nothing is kept here. @throws BropError `request.invalid` */
  async dataFaults({ tenant }: Caller, keep: readonly DataToKeep[]): Promise<Map<DataToKeep, BropError>> {
    this.#checkKeep(keep);
    if (keep.length === 0) return new Map();
    try {
      return await this.db.transaction(async (tx) => {
        throw new Tried(await this.#keep(tx, tenant, keep));
      });
    } catch (error) {
      if (error instanceof Tried) return error.faults;
      throw error;
    }
  }

  async #keep(tx: Database, tenant: string, keep: readonly DataToKeep[]): Promise<Map<DataToKeep, BropError>> {
    const faults = new Map<DataToKeep, BropError>();
    for (const [schema, rows] of Map.groupBy(keep, (one) => one.schema)) {
      const found = (await this.#keepData?.(tx, tenant, schema, rows)) ?? [];
      for (const [index, fault] of found.entries())
        if (fault !== undefined) faults.set(rows[index] as DataToKeep, fault);
    }
    return faults;
  }

  #checkKeep(keep: readonly DataToKeep[] = []): void {
    if (keep.length === 0 || this.#keepData !== undefined) return;
    throw new BropError("request.invalid", { field: "schema", reason: "no business data is kept here" });
  }

  #rowOf({ caller, kind, content, made, batch = undefined }: Plan): NewSubmission {
    const { operation, hash, deadline, absentUntil, signed } = made;
    const { sender, nonce } = operation;
    const now = this.now();
    return {
      ...{ id: newSubmissionId(), tenant: caller.tenant, createdBy: caller.principal, kind, content },
      ...{ state: signed ? "signed" : "received", hash, sender, nonce, deadline, operation: toRpc(operation) },
      ...{ batch: batch ?? null, createdAt: now, createdBlock: absentUntil, dueAt: signed ? now : null },
    };
  }
}

/** Takes a transaction back that was only to show whether it could be done. */
class Tried extends Error {
  readonly faults: Map<DataToKeep, BropError>;

  constructor(faults: Map<DataToKeep, BropError>) {
    super();
    this.faults = faults;
  }
}

/** Of two operations with one serial only one can be included. The first that comes takes its place. */
function displaced({ hash, operation }: Made, taken: Map<string, string>): BropError | undefined {
  const place = `${operation.sender.toLowerCase()}:${operation.nonce}`;
  const waiting = taken.get(place);
  if (waiting === undefined) taken.set(place, hash);
  if (waiting === undefined || waiting === hash) return undefined;
  return new BropError("operation.serial-used", { reason: "another operation of yours has this serial", waiting });
}

// Sent again after it was included, an operation fails with one of these.
const MAY_BE_INCLUDED: ReadonlySet<string> = new Set(["operation.serial-used", "operation.deadline-passed"]);

/** The deadline of an operation that came in its JSON-RPC form. @throws BropError `request.invalid` */
export function parseSigned(json: unknown): UserOperation {
  const operation = parseUserOperation(json);
  deadlineOf(operation.nonce);
  return operation;
}
