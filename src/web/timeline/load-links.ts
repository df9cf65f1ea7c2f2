import { timeline } from "../api/queries.ts";
import type { TimelineLink } from "../api/types.ts";

const LIMIT = 200;

/**
 * All links of an object's chain, oldest first.
 * @throws BropError as the query interface answers
 */
export async function loadLinks(id: string, signal?: AbortSignal): Promise<readonly TimelineLink[]> {
  const links: TimelineLink[] = [];
  let cursor: string | undefined;
  do {
    const page = await timeline(id, { limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) }, signal);
    links.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return links;
}
