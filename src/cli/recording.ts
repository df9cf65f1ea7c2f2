import { ZeroAddress, ZeroHash } from "ethers";
import { type Account, type AccountCall, type Brop, type RecordInput, recordId } from "../sdk/index.ts";
import type { NamedObject } from "./objects.ts";

// How records get on the chain: alone, many in one operation, or as links of an object.

/** A record that was made. */
export interface Made {
  id: string;
  digest: string;
  /** Place in the object's chain. */
  index?: number;
}

export interface Recorded {
  made: Made[];
  /** How many were on record already and were left out. */
  known: number;
  /** Hashes of the operations. */
  operations: string[];
}

/** What fits an operation's gas with room to spare. */
const RECORDS_AN_OPERATION = 200;
const LINKS_AN_OPERATION = 80;

/** Makes records that belong to no object. @param skipKnown leaves out what the account has recorded already */
export async function recordAll(
  brop: Brop,
  account: Account,
  inputs: readonly RecordInput[],
  skipKnown: boolean,
): Promise<Recorded> {
  const open = skipKnown ? await withoutKnown(brop, account, inputs, ({ subject }) => subject) : [...inputs];
  const { interface: records } = brop.contracts.records;
  const operations: string[] = [];
  for (const batch of batchesOf(open, RECORDS_AN_OPERATION)) {
    const [first] = batch as [RecordInput];
    const data =
      batch.length === 1
        ? records.encodeFunctionData("record", [first])
        : records.encodeFunctionData("recordMany", [batch]);
    operations.push(await send(account, [{ to: brop.addresses.records, data }]));
  }
  const made = open.map(({ digest, subject }) => ({ id: recordId(account.address, digest, subject), digest }));
  return { made, known: inputs.length - open.length, operations };
}

/**
 * Adds records to an object's chain, in order. An object of one's own that is not there yet is opened with them.
 * @param skipKnown leaves out what the account has recorded in this object already
 */
export async function appendAll(
  brop: Brop,
  account: Account,
  { id: object, key }: NamedObject,
  inputs: readonly RecordInput[],
  skipKnown: boolean,
): Promise<Recorded> {
  const { records } = brop.contracts;
  // By position: a member named `length` can not be read from an array.
  const [owner, length, head] = (await records.objectOf(object)) as unknown as [string, bigint, string];
  const open = skipKnown ? await withoutKnown(brop, account, inputs, () => object) : [...inputs];
  const to = brop.addresses.records;
  const mustOpen = owner === ZeroAddress && key !== undefined;
  const made: Made[] = [];
  const operations: string[] = [];
  let [previous, index] = [head, Number(length)];
  for (const [number, batch] of batchesOf(open, LINKS_AN_OPERATION).entries()) {
    const calls: AccountCall[] = batch.map((input) => {
      const data = records.interface.encodeFunctionData("append", [object, previous, { ...input, subject: ZeroHash }]);
      made.push({ id: recordId(account.address, input.digest, object), digest: input.digest, index });
      [previous, index] = [input.digest, index + 1];
      return { to, data };
    });
    if (mustOpen && number === 0) {
      calls.unshift({ to, data: records.interface.encodeFunctionData("openObject", [key as string, []]) });
    }
    operations.push(await send(account, calls));
  }
  return { made, known: inputs.length - open.length, operations };
}

async function send(account: Account, calls: AccountCall[]): Promise<string> {
  const response = await account.sendCalls(calls);
  await response.wait();
  return response.hash;
}

/** The inputs that the account has not recorded yet, each digest once. */
async function withoutKnown(
  brop: Brop,
  account: Account,
  inputs: readonly RecordInput[],
  subjectOf: (input: RecordInput) => string,
): Promise<RecordInput[]> {
  const once = new Map(inputs.map((input) => [recordId(account.address, input.digest, subjectOf(input)), input]));
  const { records } = brop.contracts;
  const states = await Promise.all(
    [...once].map(async ([id, input]) => ({ input, status: (await records.recordOf(id)).status })),
  );
  return states.filter(({ status }) => status === 0n).map(({ input }) => input);
}

function batchesOf<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}
