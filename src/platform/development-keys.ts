import { existsSync } from "node:fs";
import { KeyStore, type StoredKey } from "../chain/key-store.node.ts";
import { BropError } from "../core/errors.ts";

const SEATS = ["seat-1", "seat-2", "seat-3", "seat-4"] as const;
export const RELAY = "relay-1";
export const OPERATOR = "operator";
const NAMES = [OPERATOR, ...SEATS, RELAY] as const;

/** Who has a part in the development network, by address. */
export interface Participants {
  operator: string;
  seats: string[];
  relays: string[];
}

/**
 * The keys of the development network; those that are not there are made, on a first start only.
 *
 * @param founded whether the network exists: then a missing key is lost, and a new one would be of no use
 * @throws BropError `data.damaged`, `key.insecure`
 */
export async function developmentKeys(directory: string, founded: boolean): Promise<Participants> {
  const store = new KeyStore(directory);
  const keys = new Map<string, StoredKey>((await store.list()).map((key) => [key.name, key]));
  for (const name of NAMES) {
    if (keys.has(name)) continue;
    if (founded) throw missing(directory, name);
    keys.set(name, await store.create(name));
  }
  const address = (name: string) => (keys.get(name) as StoredKey).address;
  return { operator: address(OPERATOR), seats: SEATS.map(address), relays: [address(RELAY)] };
}

function missing(directory: string, name: string): BropError {
  const reason = existsSync(directory) ? `the key ${name} is missing` : "the folder of keys is missing";
  return new BropError(
    "data.damaged",
    { path: directory, reason },
    `The data folder is damaged: ${reason} from ${directory}`,
  );
}
