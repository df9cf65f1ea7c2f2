import { type Clock, systemClock } from "../../core/clock.ts";
import type { Database } from "../../store/database.ts";
import type { ApiKeyRow } from "../../store/queries/api-keys/api-keys.ts";
import { checkApiKey } from "./api-key.ts";
import type { Principal } from "./principal.ts";

/** How long a key that was ended by another process may still hold in this one, in milliseconds. */
export const KEY_AGE = 1_000;
const MOST_KNOWN = 10_000;

/**
 * Tells whose an API key is, without asking the database for each request. What this process changes holds at once:
 * whoever changes keys says so with `forget`.
 */
export class KeyRing {
  readonly #db: Database;
  readonly #clock: Pick<Clock, "now">;
  /** By the digest of the key's text. */
  readonly #known = new Map<string, { principal: Principal; until: number }>();
  #changes = 0;

  constructor(db: Database, clock: Pick<Clock, "now"> = systemClock) {
    this.#db = db;
    this.#clock = clock;
  }

  /**
   * Whose key a text is; undefined where it is not in force.
   *
   * @param digest of the text
   */
  async find(text: string, digest: string): Promise<Principal | undefined> {
    const now = this.#clock.now();
    const known = this.#known.get(digest);
    if (known !== undefined && now < known.until) return known.principal;
    this.#known.delete(digest);
    const changes = this.#changes;
    const row = await checkApiKey(this.#db, text, now);
    if (row === undefined) return undefined;
    const { id, role, account, scopes } = row;
    const principal = { id, role, account, scopes };
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    // What was read before a change says nothing about the time behind it.
    if (changes === this.#changes) this.#known.set(digest, { principal, until: endOf(row, now + KEY_AGE) });
    return principal;
  }

  /** To be called when a key was changed. */
  forget(): void {
    this.#changes++;
    this.#known.clear();
  }
}

/** A key and its former secret may run out before that time. */
function endOf({ expiresAt, formerUntil }: ApiKeyRow, time: number): number {
  return Math.min(time, expiresAt ?? time, formerUntil === null || formerUntil < time - KEY_AGE ? time : formerUntil);
}
