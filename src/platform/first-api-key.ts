import { chmodSync, writeFileSync } from "node:fs";
import { createApiKey } from "../api/access/api-key.ts";
import type { Database } from "../store/database.ts";
import { listApiKeys } from "../store/queries/api-keys/api-keys.ts";

/** Name of the first key, for people. */
const NAME = "operator";

/**
 * Makes the operator's API key where there is no key at all, and leaves it in a file that only this user can read: with
 * it the others are made. The file is written first: a key that nobody has would be of no use.
 *
 * @returns whether it was made
 */
export async function makeFirstApiKey(db: Database, path: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query("lock table api_keys in exclusive mode");
    if ((await listApiKeys(tx)).length > 0) return false;
    const description = { name: NAME, role: "operator", scopes: ["*"], expiresAt: null } as const;
    const { key } = await createApiKey(tx, description, "platform", Date.now());
    writeFileSync(path, `${key}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
    return true;
  });
}
