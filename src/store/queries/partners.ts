import type { Database } from "../database.ts";
import { Conditions } from "./conditions.ts";
import { type Order, type PageRequest, readPage } from "./page.ts";

export interface PartnerRow {
  partner: Uint8Array;
  status: number;
  permissions: number;
  admission_party: Uint8Array;
  document: string;
  name: string;
  admitted_block: number;
  admitted_at: number;
  ground: Uint8Array | null;
  from_block: number;
}

const COLUMNS = `p.partner, p.status, p.permissions, p.admission_party, p.document, p.name, p.admitted_block,
  b.timestamp as admitted_at, p.ground, p.from_block`;
const FROM = "partners p join blocks b on b.number = p.admitted_block";

export const PARTNER_ORDER: Order = {
  columns: { "p.admitted_block": "integer", "p.partner": "bytes" },
  direction: "asc",
};

/** In the order of their admission. */
export function findPartners(db: Database, at: number | undefined, page: PageRequest) {
  const conditions = new Conditions().version("p", at);
  return readPage<PartnerRow>(db, { select: COLUMNS, from: FROM, conditions, order: PARTNER_ORDER, page });
}

export async function findPartner(db: Database, address: Uint8Array, at?: number): Promise<PartnerRow | undefined> {
  const conditions = new Conditions().add("p.partner = ?", address).version("p", at);
  return (await db.query<PartnerRow>(`select ${COLUMNS} from ${FROM}${conditions}`, conditions.parameters))[0];
}
