import { status } from "../api/queries.ts";
import { useQuery } from "../api/use-query.ts";

const INTERVAL = 15_000;

/** Newest block that the answers know, renewed every few blocks; undefined until it is known. */
export function useHead(): number | undefined {
  return useQuery("head", (signal) => status(signal), { every: INTERVAL }).data?.indexedHead;
}
