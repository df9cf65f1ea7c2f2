import { createContext, type ReactNode, useContext } from "react";
import { partners } from "../api/queries.ts";
import { useQuery } from "../api/use-query.ts";

const NamesContext = createContext<ReadonlyMap<string, string> | undefined>(undefined);

// Institutions under contract are few; more than this many are shown by their addresses.
const LIMIT = 100;
const PAGES = 10;
const RENEWAL = 60_000;

/** Names of partners by lower-case address, for every page that shows who did something. */
export function PartnerNamesProvider({ children }: { children: ReactNode }) {
  const { data } = useQuery("partner names", loadNames, { every: RENEWAL });
  return <NamesContext value={data}>{children}</NamesContext>;
}

/** Public name of a partner; undefined for any other account, and until the names are there. */
export function usePartnerName(): (address: string) => string | undefined {
  const names = useContext(NamesContext);
  return (address) => names?.get(address.toLowerCase());
}

/** Whether it is known who is a partner. */
export function usePartnerNamesReady(): boolean {
  return useContext(NamesContext) !== undefined;
}

async function loadNames(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { items, next } = await partners({ limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) }, signal);
    for (const { address, name } of items) names.set(address.toLowerCase(), name);
    if (next === null) break;
    cursor = next;
  }
  return names;
}
