// Who plays in the story, and what it is about.

/** A part in the story; each institution's export of trace events is `input/<role>.json`. */
export type Role = "cooperative" | "laboratory" | "logistics" | "wholesaler" | "supermarket";

export interface Part {
  /** Public name, as the admission party enters it. */
  name: string;
  /** Who works there and records the evidence. */
  clerk: Person;
}

/** What a partner has seen on somebody's identity card. It stays with the partner; the chain gets a salted digest. */
export interface Person {
  name: string;
  card: string;
}

export const INSTITUTIONS: Readonly<Record<Role, Part>> = {
  cooperative: { name: "Mist Valley Tea Cooperative", clerk: { name: "Shen Yu", card: "330106198803120019" } },
  laboratory: { name: "Province Food Laboratory", clerk: { name: "Gu Wen", card: "330102197511260022" } },
  logistics: { name: "Swift River Logistics", clerk: { name: "Bai Hang", card: "320505199001050036" } },
  wholesaler: { name: "Harbour Wholesale", clerk: { name: "Tang Mei", card: "310115198207180041" } },
  supermarket: { name: "Lantern Market", clerk: { name: "Luo Jia", card: "310104199409300057" } },
};

export const ROLES = Object.keys(INSTITUTIONS) as Role[];

/** Two people who drink tea, each certified by another institution. */
export const CONSUMERS = {
  ming: { certifier: "supermarket", name: "Zhou Ming", card: "310110199506210063" },
  lan: { certifier: "cooperative", name: "Xu Lan", card: "330108199812040078" },
} as const satisfies Record<string, Person & { certifier: Role }>;

export type Consumer = keyof typeof CONSUMERS;

export const PRODUCT = "Mist Valley spring green tea, 250 g";

/** The lot number in the files of `input/`. Each run of the story is about a lot of its own. */
export const WRITTEN_LOT = "2604060001";

/**
 * A lot number that no earlier run had: ten digits, of which the last eight are the seconds of about three years.
 * @param time milliseconds
 */
export function newLot(time: number): string {
  return `26${String(Math.floor(time / 1000) % 100_000_000).padStart(8, "0")}`;
}

/** The code of a lot that business systems know: GS1 class of the trade item, with the lot number. */
export function lotCode(lot: string): string {
  return `urn:epc:class:lgtin:9521001.000027.${lot}`;
}
