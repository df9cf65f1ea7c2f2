import { expect } from "chai";
import { createApiKey, rotateApiKey } from "../../../src/api/access/api-key.ts";
import { KEY_AGE, KeyRing } from "../../../src/api/access/key-ring.ts";
import type { Database } from "../../../src/store/database.ts";
import { revokeApiKey } from "../../../src/store/queries/api-keys/api-keys.ts";
import { openMigrated } from "../../store/migrated-database.ts";

const DAY = 24 * 3_600_000;

describe("the ring of API keys", () => {
  let db: Database;
  let asked: number;
  let now: number;
  let ring: KeyRing;

  before(async () => {
    db = await openMigrated();
  });
  after(() => db.close());
  beforeEach(() => {
    asked = 0;
    now = 1_900_000_000_000;
    const counting: Database = {
      ...db,
      query(text, values) {
        asked++;
        return db.query(text, values);
      },
    };
    ring = new KeyRing(counting, { now: () => now });
  });

  const make = (expiresAt: number | null = null) =>
    createApiKey(db, { name: "shop", role: "partner", scopes: ["data"], expiresAt }, "test", now);
  const find = (key: string) => ring.find(key, `digest of ${key}`);

  it("asks the database once a moment for a key", async () => {
    const { id, key } = await make();
    for (let request = 0; request < 10; request++) expect((await find(key))?.id).to.equal(id);
    expect(asked).to.equal(1);
    now += KEY_AGE;
    expect((await find(key))?.id).to.equal(id);
    expect(asked).to.equal(2);
  });

  it("forgets at once what this process has changed, and soon what another one has", async () => {
    const { id, key } = await make();
    await find(key);
    await revokeApiKey(db, id, now);
    expect(await find(key)).to.have.property("id", id);
    ring.forget();
    expect(await find(key)).to.equal(undefined);
    const other = await make();
    await find(other.key);
    await revokeApiKey(db, other.id, now);
    now += KEY_AGE;
    expect(await find(other.key)).to.equal(undefined);
  });

  it("lets no key hold beyond its expiry, nor a former secret beyond its day", async () => {
    const short = await make(now + 10);
    await find(short.key);
    now += 10;
    expect(await find(short.key)).to.equal(undefined);
    const { id, key } = await make();
    await rotateApiKey(db, id, now);
    now += DAY - 10;
    expect(await find(key)).to.have.property("id", id);
    now += 10;
    expect(await find(key)).to.equal(undefined);
  });

  it("keeps nothing that was read before a change", async () => {
    const { id, key } = await make();
    const reading = find(key);
    ring.forget();
    expect((await reading)?.id).to.equal(id);
    await find(key);
    expect(asked).to.equal(2);
  });
});
