import axe from "axe-core";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, openPage, type PageOptions, settled, shownText, type WatchedPage } from "./support/browser.ts";
import * as data from "./support/fixture-data.ts";
import * as more from "./support/fixture-governance.ts";
import { type FixtureServer, startFixtureServer } from "./support/fixture-server.ts";
import { builtSite } from "./support/site.ts";

const PAGES: Readonly<Record<string, string>> = {
  home: "/",
  search: "/search?q=r",
  verify: `/verify?digest=${data.recorded.digest}`,
  records: "/records",
  record: `/records/${data.links[2]?.record.id}`,
  certificate: `/records/${data.links[2]?.record.id}/certificate`,
  object: `/objects/${data.object.id}`,
  batch: `/batches/${more.batch.id}`,
  agreements: "/agreements",
  agreement: `/agreements/${more.agreement.id}`,
  account: `/accounts/${data.USER}`,
  partners: "/partners",
  partner: `/partners/${data.FARM}`,
  vouchers: "/vouchers",
  voucher: `/vouchers/${data.voucher.address}`,
  blocks: "/blocks",
  block: "/blocks/1199",
  validators: "/validators",
  orders: "/orders",
  order: "/orders/1",
  operation: `/operations/${data.operation.hash}`,
  "not found": "/no/such/page",
};
/** Pages that show a name, or another text of a partner's own. */
const NAMING = ["home", "search", "records", "record", "object", "partners", "partner", "vouchers", "voucher", "order"];
const PHONE = { width: 360, height: 740 };

describe("site", function () {
  this.timeout(60_000);
  let server: FixtureServer;
  let browser: Browser;
  let watched: WatchedPage;

  before(async function () {
    const launched = await launchBrowser();
    if (!launched) return this.skip();
    browser = launched;
    server = await startFixtureServer(await builtSite());
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(() => {
    server.mood = "usual";
    server.asked.splice(0);
  });
  afterEach(async () => {
    await watched.close();
    expect(watched.breaches).to.deep.equal([]);
  });

  async function visit(path: string, options?: PageOptions): Promise<Page> {
    watched = await openPage(browser, options);
    await watched.page.goto(server.url + path);
    await settled(watched.page);
    return watched.page;
  }

  for (const [name, path] of Object.entries(PAGES)) {
    it(`breaks no rule of accessibility, by day and by night, and fits a phone in both languages: ${name}`, async () => {
      const page = await visit(path);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violations(page), colorScheme).to.deep.equal([]);
      }
      expect(await page.locator("h1").count()).to.equal(1);
      expect(await page.title()).to.match(/^.+ · BROP$/);
      await page.setViewportSize(PHONE);
      expect(await page.evaluate("document.documentElement.scrollWidth"), "English").to.be.at.most(PHONE.width);
      await page.getByRole("button", { name: "切换到中文" }).click();
      expect(await page.evaluate("document.documentElement.scrollWidth"), "Chinese").to.be.at.most(PHONE.width);
    });
  }

  for (const [name, path] of Object.entries(PAGES)) {
    if (name === "not found") continue;
    it(`says so where the query interface fails, and loads when it is back: ${name}`, async () => {
      server.mood = "failing";
      const page = await visit(path);
      const alert = page.getByRole("alert").first();
      expect(await shownText(alert)).to.include("service.unavailable");
      server.mood = "usual";
      // Parts that ask again by themselves may be faster than the click.
      const retry = page.getByRole("button", { name: "Try again" });
      while ((await retry.count()) > 0)
        await retry
          .first()
          .click({ timeout: 500 })
          .catch(() => undefined);
      await settled(page);
      expect(await shownText(page.locator("main"))).not.to.include("service.unavailable");
    });
  }

  it("has words for a registry of the first day", async () => {
    server.mood = "empty";
    const page = await visit("/");
    const words = await shownText(page.locator("main"));
    for (const text of ["No records yet", "No partners yet", "No vouchers yet", "No blocks yet"]) {
      expect(words).to.include(text);
    }
  });

  for (const path of [
    "/batches/0x00",
    "/agreements/0x00",
    "/orders/99",
    "/records/0x00/certificate",
    "/records/0x00",
    "/objects/0x00",
    "/accounts/0x00",
    "/partners/0x00",
    "/vouchers/0x00",
  ]) {
    it(`says that nothing is found: ${path}`, async () => {
      const page = await visit(path);
      expect(await shownText(page.getByRole("alert").first())).to.include("resource.not-found");
    });
  }

  it("speaks the browser's language, switches and remembers the choice", async () => {
    const page = await visit("/", { locale: "zh-CN" });
    expect(await page.locator("html").getAttribute("lang")).to.equal("zh-CN");
    expect(await shownText(page.locator("h1"))).to.equal("自行核验，无需轻信");
    await page.getByRole("button", { name: "Switch to English" }).click();
    expect(await shownText(page.locator("h1"))).to.equal("Check it yourself, trust nobody's word");
    await page.reload();
    await page.getByRole("heading", { name: "Check it yourself" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).to.equal("en");
  });

  it("leads through the site by links and the browser's history", async () => {
    const page = await visit("/");
    await page.getByRole("navigation").getByRole("link", { name: "Partners" }).click();
    await page.getByRole("link", { name: "Greenfield Growers" }).first().click();
    await page.waitForURL(`**/partners/${data.FARM}`);
    await page.getByRole("heading", { name: "Greenfield Growers" }).waitFor();
    await page.goBack();
    expect(await shownText(page.locator("h1"))).to.equal("Partners");
  });

  it("can be used by keyboard: skip link, menu, search", async () => {
    const page = await visit("/");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).to.equal("Skip to the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.type("1199");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/blocks/1199");
    await page.getByRole("heading", { name: "Block 1199", level: 1 }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).to.equal("content");
  });

  it("shows markup as text, in every field that a partner can fill, on every page", async () => {
    server.mood = "hostile";
    const page = await visit("/");
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(server.url + path);
      await settled(page);
      expect(await page.locator("main :is(img, script, iframe, object, [onerror])").count(), name).to.equal(0);
      expect(await page.locator('a[href^="javascript"], a[href*="onerror"]').count(), name).to.equal(0);
      expect(await page.title(), name).not.to.equal("owned");
      if (!NAMING.includes(name)) continue;
      expect(await shownText(page.locator("main")), name).to.include("<script>document.title='owned'</script>{name}");
    }
  });

  it("makes no link of an address that is a script", async () => {
    const page = await visit(`/vouchers/${data.voucher.address}`);
    expect(await shownText(page.locator("main"))).to.include("javascript:document.title=1");
    expect(await page.locator('a[href^="javascript"]').count()).to.equal(0);
  });

  it("loads less than 200 kB compressed at first", async () => {
    const page = await visit("/");
    const { gzipSync } = await import("node:zlib");
    const loaded = (await page.evaluate(
      "performance.getEntriesByType('resource').map((entry) => entry.name)",
    )) as string[];
    const files = [server.url, ...loaded.filter((name) => !name.includes("/v1/"))];
    expect(files.length).to.be.at.least(3);
    let bytes = 0;
    for (const file of files) bytes += gzipSync(Buffer.from(await (await fetch(file)).arrayBuffer())).length;
    expect(bytes).to.be.below(200_000);
  });

  it("goes on with new blocks by itself", async () => {
    server.mood = "empty";
    const page = await visit("/");
    server.mood = "usual";
    await page.getByRole("link", { name: "1200", exact: true }).waitFor();
  });

  it("shows longer lists page by page", async () => {
    const page = await visit("/blocks");
    const rows = page.locator("tbody tr");
    expect(await rows.count()).to.equal(25);
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByRole("link", { name: "1151", exact: true }).waitFor();
    expect(await rows.count()).to.equal(50);
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByRole("link", { name: "1141", exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Show more" }).count()).to.equal(0);
  });
});

/** What axe finds, one line each. It is put into the page past the security policy, as a browser's extension would be. */
async function violations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe.source });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run().then(({ violations }) => JSON.stringify(violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary))))`,
    awaitPromise: true,
  });
  return JSON.parse(result.value);
}
