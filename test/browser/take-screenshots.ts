import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { buildBundle } from "../../src/chain/bundle/build-bundle.ts";
import { CLAIMS, evidenceNetwork, evidenceRequest, VALID_STATE } from "../support/bundles/evidence-network.ts";
import { launchBrowser, openPage, type PageOptions, settled } from "./support/browser.ts";
import { choose } from "./support/files.ts";
import * as data from "./support/fixture-data.ts";
import { startFixtureServer } from "./support/fixture-server.ts";
import { builtSite } from "./support/site.ts";

// Takes the pictures of docs/images anew (`npm run screenshots`), from the small registry of the browser tests.

const FOLDER = fileURLToPath(new URL("../../docs/images", import.meta.url));
const DESKTOP = { width: 1060, height: 720 };
const PHONE = { width: 390, height: 760 };

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly options?: PageOptions;
  /** What is done on the page before; without it the page as it loads. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  { name: "site", path: "/" },
  {
    name: "verdict",
    path: "/verify",
    prepare: async (page) => {
      await choose(page, [{ name: "loading.txt", content: "loaded" }]);
      await page.getByText("The chain of records is complete").waitFor();
      await page.getByText("The bookkeepers sealed the block").waitFor();
    },
  },
  { name: "bundle", path: "/verify", prepare: checkBundleOffline },
  { name: "timeline", path: `/objects/${data.object.id}`, options: { colorScheme: "dark" } },
  { name: "partners", path: "/partners", prepare: (page) => page.locator(".graph").scrollIntoViewIfNeeded() },
  { name: "voucher", path: `/vouchers/${data.voucher.address}`, options: { locale: "zh-CN" } },
  { name: "certificate", path: `/records/${data.recorded.id}/certificate`, options: { locale: "zh-CN" } },
  { name: "block", path: "/blocks/1199" },
  { name: "phone", path: "/", options: { locale: "zh-CN", viewport: PHONE, colorScheme: "dark" } },
];

async function checkBundleOffline(page: Page): Promise<void> {
  const network = evidenceNetwork();
  const request = { ...evidenceRequest(network, CLAIMS.record), state: VALID_STATE };
  const { chainId, anchor, set } = network.trust;
  const checkpoint = { chainId: Number(chainId), number: 0, hash: anchor.hash, epoch: 0, validators: set.validators };
  await page.getByText("All it takes is loaded").waitFor();
  await page.context().setOffline(true);
  await choose(page, [
    { name: "checkpoint.json", content: JSON.stringify({ checkpoint }) },
    { name: "proof.json", content: JSON.stringify(await buildBundle(network.ask, request)) },
  ]);
  await page.getByRole("heading", { name: "Everything in it is proven" }).waitFor();
}

async function take(browser: Browser, url: string, { name, path, options, prepare }: Picture): Promise<void> {
  const { page, close } = await openPage(browser, { viewport: DESKTOP, ...options });
  await page.goto(url + path);
  await settled(page);
  await prepare?.(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await close();
  console.log(`docs/images/${name}.png`);
}

const browser = await launchBrowser();
if (browser === undefined) process.exit(1);
mkdirSync(FOLDER, { recursive: true });
const server = await startFixtureServer(await builtSite());
for (const picture of PICTURES) await take(browser, server.url, picture);
await browser.close();
await server.close();
