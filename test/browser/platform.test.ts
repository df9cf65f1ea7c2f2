import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { KeyStore } from "../../src/chain/key-store.node.ts";
import { digestBytes } from "../../src/core/digest.ts";
import { objectId } from "../../src/core/record-id.ts";
import { bytesToHex, connect, createRecordInput, establishPartner } from "../../src/sdk/index.ts";
import { killPlatforms, launchPlatform, untilReady } from "../platform/support/platform-process.ts";
import { inOneYear, newWallet } from "../support/people.ts";
import { launchBrowser, openPage, shownText, type WatchedPage } from "./support/browser.ts";

const NAME = "Bank of <b>Browsers</b>";
const CONTENTS = ["first edition", "second edition"];
const KEY = id("a document and its editions");
const BUILT_SITE = fileURLToPath(new URL("../../dist/web/index.html", import.meta.url));
const SETTINGS = fileURLToPath(new URL("../../src/web/vite.config.ts", import.meta.url));

const digestOf = (content: string) => bytesToHex(digestBytes(new TextEncoder().encode(content)));
const file = (name: string, content: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });

describe("site: on a running platform", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "brop-site-platform-"));
  let browser: Browser;
  let watched: WatchedPage;
  let url: string;
  let partner: string;

  before(async function () {
    const launched = await launchBrowser();
    if (!launched) return this.skip();
    browser = launched;
    if (!existsSync(BUILT_SITE)) await build({ configFile: SETTINGS, logLevel: "warn" });
    ({ url } = await untilReady(launchPlatform({ data: folder })));
    partner = await recordEditions(url, folder);
  });
  after(async () => {
    await browser?.close();
    await killPlatforms();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await watched.close();
    expect(watched.breaches).to.deep.equal([]);
  });

  async function visit(path: string) {
    watched = await openPage(browser);
    await watched.page.goto(url + path);
    return watched.page;
  }

  it("shows what was recorded on the front page and goes on with the chain", async () => {
    const page = await visit("/");
    await page.getByRole("link", { name: NAME }).first().waitFor();
    const newest = page.locator(".card", { hasText: "Latest blocks" }).locator("tbody a").first();
    const before = Number(await shownText(newest));
    while (Number(await shownText(newest)) <= before) await page.waitForTimeout(200);
  });

  it("confirms a recorded file and refuses one that differs by a character", async () => {
    const page = await visit("/verify");
    await page
      .locator("input[type=file]")
      .setInputFiles([file("true.txt", "first edition"), file("false.txt", "First edition")]);
    const confirmed = page.locator('.verdict[data-outcome="recorded"]', { hasText: "true.txt" });
    expect(await shownText(confirmed))
      .to.include(NAME)
      .and.to.include("“Digital certificate” by the admission party");
    await page.locator('.verdict[data-outcome="absent"]', { hasText: "false.txt" }).waitFor();
    await confirmed.getByRole("link", { name: "See the timeline" }).click();
    await page.getByText("The chain is whole").waitFor();
  });

  it("finds the object by its key and shows the whole chain", async () => {
    const page = await visit("/");
    await page.getByRole("searchbox").fill(KEY);
    await page.getByRole("searchbox").press("Enter");
    await page.waitForURL(`**/objects/${objectId(partner, KEY)}`);
    await page.getByText("The chain is whole").waitFor();
    expect(await page.locator(".timeline > li").count()).to.equal(2);
  });

  it("leads from the partner to the agreement that it signed", async () => {
    const page = await visit(`/partners/${partner}`);
    await page.getByRole("heading", { name: NAME, exact: true }).waitFor();
    await page.getByRole("row", { name: "partner-agreement" }).waitFor();
  });

  it("shows the error of an identifier that is none, and a page for every address", async () => {
    const page = await visit("/records/nonsense");
    expect(await shownText(page.getByRole("alert"))).to.include("request.invalid");
    await page.goto(`${url}/no/such/page`);
    expect(await shownText(page.locator("h1"))).to.equal("There is no such page");
  });
});

/** Admits a partner and records two editions of a document as a chain. @returns the partner's address */
async function recordEditions(url: string, folder: string): Promise<string> {
  const brop = await connect(url, { pollingInterval: 100 });
  try {
    const operator = await new KeyStore(join(folder, "keys")).wallet("operator");
    const account = await establishPartner(brop, operator.connect(brop.provider), {
      owner: newWallet(),
      name: NAME,
      expiresAt: inOneYear(),
      digest: id("identity"),
      copy: { digest: id("signed copy"), location: "https://example.org/copy" },
    });
    const records = brop.contracts.records.connect(account);
    await (await records.openObject(KEY, [])).wait();
    let previous = ZeroHash;
    for (const digest of CONTENTS.map(digestOf)) {
      await (await records.append(objectId(account.address, KEY), previous, createRecordInput({ digest }))).wait();
      previous = digest;
    }
    return account.address;
  } finally {
    await brop.close();
  }
}
