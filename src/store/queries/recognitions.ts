import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageRequest, readPage } from "./page.ts";

export interface RecognitionRow {
  partner: Uint8Array;
  recognised: Uint8Array;
  from_level: number;
  from_block: number;
}

/** Recognitions that a partner gives (`partner`) or gets (`recognised`). */
export function findRecognitions(db: Database, side: "partner" | "recognised", address: Uint8Array, at?: number) {
  const conditions = new Conditions().add(`r.${side} = ?`, address).add("r.from_level > 0").version("r", at);
  return db.query<RecognitionRow>(
    `select r.partner, r.recognised, r.from_level, r.from_block from recognitions r${conditions}
     order by r.from_block, r.from_log`,
    conditions.parameters,
  );
}

export const RECOGNITION_ORDER: Order = {
  columns: { "r.from_block": "integer", "r.from_log": "integer", "r.partner": "bytes", "r.recognised": "bytes" },
  direction: "asc",
};

/** Every recognition that holds, in the order in which they were given. */
export function findAllRecognitions(db: Database, at: number | undefined, page: PageRequest) {
  const conditions = new Conditions().add("r.from_level > 0").version("r", at);
  const select = "r.partner, r.recognised, r.from_level, r.from_block";
  return readPage<RecognitionRow>(db, { select, from: "recognitions r", conditions, order: RECOGNITION_ORDER, page });
}
