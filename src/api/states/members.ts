import { orNull, toAddress, toHex, toTime, toTransaction } from "../format.ts";
import {
  address,
  amount,
  blockNumber,
  bytes,
  described,
  flag,
  hash,
  nullable,
  oneOf,
  type Schema,
  text,
  time,
  whole,
} from "../schema.ts";

/** One member of an answer: the column that it comes from, what it looks like, and how it is shown. */
export interface Member {
  column: string;
  schema: Schema;
  show: (value: never) => unknown;
}

const of =
  (schema: Schema, show: (value: never) => unknown) =>
  (column: string, description?: string): Member => ({
    column,
    schema: description === undefined ? schema : described(schema, description),
    show,
  });

const same = (value: unknown) => value;

export const anAddress = of(address, toAddress);
export const aHash = of(hash, toHex);
export const someBytes = of(bytes, toHex);
export const aNumber = of(whole, same);
export const aBlock = of(blockNumber, same);
export const anAmount = of(amount, same);
export const aText = of(text, same);
export const aFlag = of(flag, same);
export const aTime = of(time, toTime);
/** Null for what was set in genesis. */
export const aTransaction = of(nullable(hash), toTransaction);

/** A number of the chain in words, from 0. */
export function aWord(column: string, words: readonly string[], description?: string): Member {
  return of(oneOf(words.slice(1)), (value: number) => words[value] ?? null)(column, description);
}

/** The same, where there may be none. */
export function maybe({ column, schema, show }: Member): Member {
  return { column, schema: nullable(schema), show: (value: never) => orNull(value, show) };
}
