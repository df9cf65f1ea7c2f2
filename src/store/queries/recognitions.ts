import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";

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
