/**
 * What happens once, before a shop can work: it becomes a partner (GO-1) and gets an API key. On a development network
 * one person plays all parts, with the keys of the data folder; in life the operator admits the shop and hands it the key.
 *
 *   npx node examples/partner-app/set-up.ts [--platform URL] [--data DIR] [--settings FILE]
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hexlify, randomBytes, sha256, toUtf8Bytes, Wallet } from "ethers";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { connect, establishPartner } from "../../src/sdk/index.ts";
import { Platform } from "./platform.ts";
import { writeSettings } from "./settings.ts";

const NAME = "Corner Tea Shop";
const A_YEAR_MS = 365 * 24 * 3_600_000;

const { values } = parseArgs({
  options: {
    platform: { type: "string", default: "http://127.0.0.1:8420" },
    data: { type: "string", default: "data" },
    settings: { type: "string", default: "data/shop.json" },
  },
});

const owner = new Wallet(Wallet.createRandom().privateKey);
const brop = await connect(values.platform);
try {
  const operator = await new KeyStore(join(values.data, "keys")).wallet("operator");
  const identity = JSON.stringify({ name: NAME, salt: hexlify(randomBytes(32)) });
  const { address: account } = await establishPartner(brop, operator.connect(brop.provider), {
    owner,
    name: NAME,
    expiresAt: new Date(Date.now() + A_YEAR_MS),
    digest: sha256(toUtf8Bytes(identity)),
    copy: { digest: sha256(toUtf8Bytes(`Signed by ${NAME}`)), location: "https://shop.example/agreement.pdf" },
  });
  const operatorKey = (await readFile(join(values.data, "operator-api-key"), "utf8")).trim();
  const { key } = await new Platform(values.platform, operatorKey).post<{ key: string }>("/v1/api-keys", {
    ...{ name: NAME, role: "partner", account },
    scopes: ["submissions", "data", "subscriptions"],
  });
  await writeSettings(values.settings, {
    ...{ platform: values.platform, account, ownerKey: owner.privateKey, apiKey: key },
  });
  console.log(`${NAME} is a partner: account ${account}. Its settings are in ${values.settings}`);
} finally {
  brop.close();
}
