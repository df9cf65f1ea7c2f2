import { Wallet } from "ethers";
import { createApiKey } from "../../../src/api/access/api-key.ts";
import { ROLES } from "../../../src/store/queries/api-keys/api-keys.ts";
import { FARM, tellStory } from "../../indexer/story.ts";
import { startApi } from "../api-server.ts";
import { tokenOf } from "../fake-node.ts";

// The interface over a story's data, for schemathesis: prints one line of JSON with its address and a key for each role,
// and serves until its standard input ends.

const api = await startApi(tellStory());
const keys: Record<string, string> = { public: await tokenOf(api.signIn, Wallet.createRandom()) };
for (const role of ROLES) {
  const description = { name: role, role, scopes: ["*"], expiresAt: null, account: FARM } as const;
  keys[role] = (await createApiKey(api.db, description, "test", Date.now())).key;
}
// Keys that are ended or changed by what comes in stay as they are, so that the requests after it get further.
await api.db.query(`create function keep() returns trigger language plpgsql as 'begin return old; end';
  create trigger keep before update on api_keys for each row when (old.created_by = 'test') execute function keep()`);
const url = await api.server.listen({ host: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ url, keys }));
process.stdin.resume().once("end", async () => {
  await api.close();
  process.exit(0);
});
