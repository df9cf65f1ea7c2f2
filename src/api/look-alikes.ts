import { LRUCache } from "lru-cache";
import { nameSkeletons } from "../core/account-name.ts";
import { hexToBytes } from "../core/hex.ts";
import type { Database } from "../store/database.ts";
import { comparedNames, type NamedRow, searchLikeNames } from "../store/queries/search.ts";

type Skeletons = ReturnType<typeof nameSkeletons>;

/** Partners, vouchers and accounts whose names can be mistaken for a text (UTS 39), those that are the text among them. */
export class LookAlikes {
  readonly #known = new LRUCache<string, Skeletons | "none">({ max: 10_000 });

  async find(db: Database, text: string): Promise<NamedRow[]> {
    const sought = this.#skeletonsOf(text);
    if (sought === "none") return [];
    const look = hexToBytes(sought.lookSkeleton);
    const letters = hexToBytes(sought.letterSkeleton);
    const [accounts, others] = await Promise.all([searchLikeNames(db, look, letters), comparedNames(db)]);
    const alike = others.filter(({ title }) => {
      const own = this.#skeletonsOf(title);
      return (
        own !== "none" && (own.lookSkeleton === sought.lookSkeleton || own.letterSkeleton === sought.letterSkeleton)
      );
    });
    return [...alike, ...accounts];
  }

  #skeletonsOf(text: string): Skeletons | "none" {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const skeletons = skeletonsOrNone(text);
    this.#known.set(text, skeletons);
    return skeletons;
  }
}

/** A text of separators alone is no name and looks like none. */
function skeletonsOrNone(text: string): Skeletons | "none" {
  try {
    return nameSkeletons(text);
  } catch {
    return "none";
  }
}
