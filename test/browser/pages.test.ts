import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { violations } from "./support/accessibility.ts";
import { launchBrowser, openPage, type PageOptions, settled, shownText, type WatchedPage } from "./support/browser.ts";
import * as data from "./support/fixture-data.ts";
import * as more from "./support/fixture-governance.ts";
import { type FixtureServer, startFixtureServer } from "./support/fixture-server.ts";
import { textOfPdf } from "./support/pdf.ts";
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

  it("shows who sealed a block, and says so where too few did", async () => {
    const page = await visit("/blocks/1199");
    expect(await shownText(page.locator("main"))).to.include("Sealed by 3 of 4 bookkeepers; 3 are needed");
    await page.goto(`${server.url}/blocks/${more.SHORT_BLOCK}`);
    await page.getByText("Sealed by only 2 of 4 bookkeepers; 3 are needed").waitFor();
  });

  it("shows who has confirmed an agreement, and that time ran out for another", async () => {
    const page = await visit(`/agreements/${more.agreement.id}`);
    const words = await shownText(page.locator("main"));
    expect(words).to.include("2 of 3 parties have confirmed").and.to.include("Waiting for confirmations");
    await page.goto(`${server.url}/agreements/${more.agreements[1]?.id}`);
    await page.getByText("Lapsed").waitFor();
  });

  it("draws what moved of a voucher and who recognises whom, with tables that say the same", async () => {
    const page = await visit(`/vouchers/${data.voucher.address}`);
    await page.getByRole("img", { name: "Bars for 30 days" }).waitFor();
    expect(await page.locator(".flows rect").count()).to.equal(3);
    await page.getByText("Show as a table").click();
    expect(await shownText(page.getByRole("row", { name: /2026-11-20/ }))).to.match(/0\s+950\s+40\s+2/);
    await page.getByLabel("Time shown").selectOption("7");
    await page.getByRole("img", { name: "Bars for 7 days" }).waitFor();
    await page.goto(`${server.url}/partners`);
    await page.getByRole("img", { name: "Picture of 3 recognitions between 3 partners" }).waitFor();
    expect(await page.locator(".graph line").count()).to.equal(3);
    await page.goto(`${server.url}/partners/${data.CARRIER}`);
    await page.getByRole("img", { name: "Picture of 1 recognitions between 2 partners" }).waitFor();
  });

  it("shows an account's name only with what it is worth, and none without consent", async () => {
    const page = await visit(`/accounts/${data.USER}`);
    expect(await shownText(page.locator("main"))).to.include(
      "greenfield-growers (chosen freely; nobody has checked it)",
    );
    await page.goto(`${server.url}/accounts/${data.CARRIER}`);
    await page.getByText("This account does not show a name.").waitFor();
  });

  it("makes a certificate that prints to PDF with Chinese names as text", async () => {
    const page = await visit(`/records/${data.recorded.id}/certificate`, { locale: "zh-CN" });
    await page.getByRole("button", { name: "打印或另存为 PDF" }).waitFor();
    await page.getByRole("img", { name: /二维码/ }).waitFor();
    const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
    const text = textOfPdf(pdf);
    for (const character of "绿野农场登记证书") expect(text, character).to.include(character);
    expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)).to.have.length.at.most(2);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.locator(".header").isVisible()).to.equal(false);
    expect(await page.evaluate("getComputedStyle(document.body).color")).to.equal("rgb(23, 35, 44)");
  });

  it("makes no link of an address that is a script", async () => {
    const page = await visit(`/vouchers/${data.voucher.address}`);
    expect(await shownText(page.locator("main"))).to.include("javascript:document.title=1");
    expect(await page.locator('a[href^="javascript"]').count()).to.equal(0);
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
