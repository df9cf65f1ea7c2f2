import { batchRecordId } from "../../core/batch/identifiers.ts";
import { verifyBatchPath } from "../../core/batch/path.ts";
import { RECORD_BYTES, writeRecord } from "../../core/batch/serialised-records.ts";
import type { Bundle } from "../../core/bundle/bundle.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import { createRecordInput, type RecordDescription } from "../../core/record-input.ts";
import { type RecordInput, recordRoot } from "../../core/ssz-record.ts";
import { type BundleOptions, fetchBundle } from "../bundles.ts";
import { type ApiAccess, askAgain, askApi } from "../requests.ts";
import type { BatchedProof, BatchedRecord, BatchPortion, HandedOver, RefusedRecord } from "./shapes.ts";
import { type AnchorSigner, signAnchor } from "./sign-anchor.ts";

/** Records of a request: 6.7 MB. */
const PORTION = 50_000;
const LOOK_AGAIN = 1_000;

export interface HandOverOptions {
  /**
   * Name of this handing over, 1 to 200 ASCII characters without quotes and backslashes: with the same name and the same
   * records it is done once, however often it is called, also by another process. By default a new one each time.
   */
  name?: string;
  /** Told after each request how many records have been handed over. */
  onProgress?: (done: number) => void;
  /** Records of a request, at most 250,000; the same for the same name. */
  portion?: number;
}

export interface AnchoredOptions {
  /** Signs the anchor where it waits for its signature. Without it the platform does, or somebody else. */
  signer?: AnchorSigner;
  /** Told of each look at it. */
  onStanding?: (portion: BatchPortion) => void;
  /** Ends the waiting, with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds between two looks; 1,000 by default. */
  pollingInterval?: number;
}

interface Taken {
  portion: string | null;
  results: { item: number; problem: RefusedRecord["problem"] }[];
  expectedBlock: number | null;
}

/**
 * Records that are anchored many at a time: any number for one operation, each with its own proof (EV-6).
 *
 * @example
 * const batches = new Batches({ url: "https://brop.example", key });
 * const { ids, portions } = await batches.handOver(account.address, digests.map((digest) => ({ digest })));
 * for (const portion of portions) await batches.anchored(portion, { signer: { brop, account } });
 * const bundle = await batches.bundle(ids[17]);
 */
export class Batches {
  readonly #access: ApiAccess;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  /**
   * Hands records over, as many as there are. They are stored for good when this ends, and found by their digest. What
   * does not get through is sent again, and taken once.
   *
   * @param account that anchors and owns them
   * @throws BropError `request.invalid` with the record's `item` for one that none could be: those before it may have been
   * handed over; what the platform refuses as a whole; `idempotency.conflict` for other records under the same name
   */
  async handOver(
    account: string,
    records: Iterable<RecordDescription> | AsyncIterable<RecordDescription>,
    { name = randomName(), onProgress, portion = PORTION }: HandOverOptions = {},
  ): Promise<HandedOver> {
    const handed: HandedOver = { portions: [], ids: [], refused: [], expectedBlock: null };
    let inputs: RecordInput[] = [];
    let item = 0;
    const send = async () => {
      note(handed, await this.#take(account, inputs, `${name}/${item - inputs.length}`), inputs.length);
      inputs = [];
      onProgress?.(item);
    };
    for await (const description of records) {
      inputs.push(inputOf(description, item++));
      if (inputs.length === portion) await send();
    }
    if (inputs.length > 0) await send();
    return handed;
  }

  /** Where a record stands. @throws BropError `resource.not-found` */
  record(id: string): Promise<BatchedRecord> {
    return this.#json(`/v1/batch-records/${encodeURIComponent(id)}`);
  }

  /** Where the records of one request stand. @throws BropError `resource.not-found` */
  portion(id: string): Promise<BatchPortion> {
    return this.#json(`/v1/batch-portions/${encodeURIComponent(id)}`);
  }

  /** Records of a digest, oldest first. @param account only this owner's */
  async *find(digest: string, account?: string): AsyncGenerator<BatchedRecord> {
    const query = new URLSearchParams({ digest, limit: "200", ...(account === undefined ? {} : { account }) });
    for (;;) {
      const page = await this.#json<{ items: BatchedRecord[]; next: string | null }>(`/v1/batch-records?${query}`);
      yield* page.items;
      if (page.next === null) return;
      query.set("cursor", page.next);
    }
  }

  /**
   * Waits until records are anchored. An access node that is away for a while is waited for.
   *
   * @param id of a portion, or of a record
   * @throws BropError `batch.not-anchored` when it was given up, with the reason; as `signAnchor`; the signal's reason
   */
  async anchored(id: string, options: AnchoredOptions = {}): Promise<BatchPortion> {
    const { signer, onStanding, signal, pollingInterval = LOOK_AGAIN } = options;
    const [name = ""] = id.split(".");
    let signed: string | null = null;
    for (;;) {
      signal?.throwIfAborted();
      const portion = await this.portion(name);
      onStanding?.(portion);
      const { state, batch } = portion;
      if (state === "anchored") return portion;
      if (state === "refused") throw givenUp(portion);
      if (signer !== undefined && batch !== null && batch.submission !== signed) {
        await signAnchor(this.#access, signer, batch);
        signed = batch.submission;
      }
      await pause(pollingInterval, signal);
    }
  }

  /**
   * The proof of a record, checked here: it leads from the record to the root. That the chain has this root is what
   * `BatchAnchors.verify(anchor, index, input, path)` says, or a bundle.
   *
   * @throws BropError `batch.not-anchored` before it is; `proof.invalid` for a proof that does not hold
   */
  async proof(id: string): Promise<BatchedProof> {
    const proof = await this.#json<BatchedProof>(`/v1/batch-records/${encodeURIComponent(id)}/proof`);
    verifyBatchPath({ ...proof, leaf: bytesToHex(recordRoot(proof.input)) });
    return proof;
  }

  /** The proof bundle of a record, see `fetchBundle`. @throws BropError `batch.not-anchored` before it is anchored */
  bundle(id: string, options: BundleOptions = {}): Promise<Bundle> {
    return fetchBundle(this.#access, id, options);
  }

  async #take(account: string, inputs: readonly RecordInput[], name: string): Promise<Taken> {
    const body = new Uint8Array(inputs.length * RECORD_BYTES);
    for (const [at, input] of inputs.entries()) writeRecord(body, at * RECORD_BYTES, input);
    const headers = { "content-type": "application/octet-stream", "idempotency-key": `"${name}"` };
    const path = `/v1/batch-records?${new URLSearchParams({ account })}`;
    return askAgain(async () => (await askApi(this.#access, "POST", path, { headers, body })).json() as Promise<Taken>);
  }

  #json<Answer>(path: string): Promise<Answer> {
    return askAgain(async () => (await askApi(this.#access, "GET", path)).json() as Promise<Answer>);
  }
}

/** Takes one request's answer in. @param count records that it had */
function note(handed: HandedOver, { portion, results, expectedBlock }: Taken, count: number): void {
  const first = handed.ids.length;
  const refused = new Set(results.map(({ item }) => item));
  handed.refused.push(...results.map(({ item, problem }) => ({ item: first + item, problem })));
  // Records that were refused have no place in the portion.
  let position = 0;
  for (let item = 0; item < count; item++) {
    handed.ids.push(refused.has(item) ? null : batchRecordId(portion as string, position++));
  }
  if (portion === null) return;
  handed.portions.push(portion);
  handed.expectedBlock = expectedBlock;
}

function inputOf(description: RecordDescription, item: number): RecordInput {
  try {
    return createRecordInput(description);
  } catch (error) {
    if (!(error instanceof BropError)) throw error;
    throw new BropError(error.code, { ...error.details, item }, undefined, { cause: error });
  }
}

function givenUp({ id, state, batch }: BatchPortion): BropError {
  const { reason = null } = batch ?? {};
  return new BropError("batch.not-anchored", { portion: id, state, reason }, reason?.message);
}

function randomName(): string {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(16))).slice(2);
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const ended = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", ended);
      resolve();
    };
    const timer = setTimeout(ended, milliseconds);
    signal?.addEventListener("abort", ended);
  });
}
