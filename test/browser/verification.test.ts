import { readFile } from "node:fs/promises";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { digestBytes } from "../../src/core/digest.ts";
import { bytesToHex } from "../../src/core/hex.ts";
import { launchBrowser, openPage, shownText, type WatchedPage } from "./support/browser.ts";
import { choose, drop } from "./support/files.ts";
import * as data from "./support/fixture-data.ts";
import { type FixtureServer, startFixtureServer } from "./support/fixture-server.ts";
import { builtSite } from "./support/site.ts";

describe("site: checking files", function () {
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

  async function visit(path: string): Promise<Page> {
    watched = await openPage(browser);
    await watched.page.goto(server.url + path);
    await watched.page.locator("h1").waitFor();
    return watched.page;
  }

  async function verdictOf(page: Page, name: string): Promise<{ outcome: string | null; words: string }> {
    const card = page.locator(".verdict", { hasText: name });
    await card.waitFor();
    return { outcome: await card.getAttribute("data-outcome"), words: await shownText(card) };
  }

  it("confirms a recorded file that is dropped on the front page, without uploading it", async () => {
    const page = await visit("/");
    const uploads: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET" || request.postData() !== null) uploads.push(request.url());
    });
    await drop(page, [{ name: "certificate.txt", content: data.RECORDED_FILE }]);
    const { outcome, words } = await verdictOf(page, "certificate.txt");
    expect(outcome).to.equal("recorded");
    expect(words).to.match(/Recorded on Nov 20, 2026, 08:55:00 UTC by Greenfield Growers/);
    expect(words).to.include("certified at level “Digital certificate” by the admission party");
    expect(uploads).to.deep.equal([]);
    expect(server.asked.some((path) => path.includes(data.recorded.digest))).to.equal(true);
    expect(server.asked.some((path) => path.includes("certificate"))).to.equal(false);
  });

  it("takes files that are dropped anywhere, on a page that has no place for them", async () => {
    const page = await visit("/validators");
    await drop(page, [{ name: "certificate.txt", content: data.RECORDED_FILE }], "main");
    expect((await verdictOf(page, "certificate.txt")).outcome).to.equal("recorded");
    expect(new URL(page.url()).pathname).to.equal("/verify");
  });

  it("states what is proven and by what, one sentence each", async () => {
    const page = await visit("/verify");
    await choose(page, [{ name: "loading.txt", content: "loaded" }]);
    const card = page.locator(".verdict", { hasText: "loading.txt" });
    await card.getByText("The chain of records is complete").waitFor();
    await card.getByText("The bookkeepers sealed the block").waitFor();
    const tones = await card.locator(".statement").evaluateAll((all) => all.map((one) => one.dataset.tone));
    expect(tones).to.deep.equal(["good", "good", "good", "good", "good", "good"]);
    const words = await shownText(card.locator(".statements"));
    expect(words).to.include("SHA-256").and.to.include("Northern Cold Chain 北方冷链").and.to.include("link 3 of 5");
    expect(words)
      .to.match(/in block 980/)
      .and.to.include("neither revoked nor superseded up to block 1200");
    await card.getByText("QR code", { exact: true }).click();
    await card.getByRole("img", { name: /QR code that leads to http:\/\/127.0.0.1/ }).waitFor();
  });

  it("saves the proof bundle of a record, and says so where there is none", async () => {
    const page = await visit(`/records/${data.recorded.id}`);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Proof bundle" }).click();
    const saved = await saving;
    expect(server.asked).to.include(`/v1/records/${data.recorded.id}/bundle?state=true`);
    expect(saved.suggestedFilename()).to.match(/^brop-[0-9a-f]{12}\.json$/);
    expect(await readFile(await saved.path(), "utf8")).to.equal('{"format":"brop-proof-bundle"}');
    await page.goto(`${server.url}/records/${data.revoked.id}`);
    await page.getByRole("button", { name: "Proof bundle" }).click();
    expect(await shownText(page.getByRole("alert"))).to.include("resource.not-found");
  });

  it("says so where a block has no seals, and names an outside time stamp", async () => {
    server.mood = "unsealed";
    const page = await visit("/verify");
    await choose(page, [{ name: "certificate.txt", content: data.RECORDED_FILE }]);
    const card = page.locator(".verdict", { hasText: "certificate.txt" });
    await card.getByText("This is a development chain").waitFor();
    await card.locator(".statement", { hasText: "Recorded on" }).getByText("How to check it").click();
    await card.getByText("A trusted time authority also stamped it").waitFor();
  });

  it("reads a file of a gigabyte piece by piece, tells how far it is, and stops when asked to", async () => {
    const page = await visit("/verify");
    await page.evaluate(() => {
      const piece = new Blob([new Uint8Array(16 * 1024 * 1024)]);
      const transfer = new DataTransfer();
      transfer.items.add(new File(Array(64).fill(piece), "large.bin"));
      document
        .querySelector(".drop-zone")
        ?.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
    });
    await page.getByText(/[1-9]\d* MB of 1\.1 GB/).waitFor();
    await page.getByRole("button", { name: "Stop checking large.bin" }).click();
    expect(await page.locator("progress").count()).to.equal(0);
    await choose(page, [{ name: "certificate.txt", content: data.RECORDED_FILE }]);
    expect((await verdictOf(page, "certificate.txt")).outcome).to.equal("recorded");
    expect(await shownText(page.locator("main"))).not.to.include("large.bin");
  });

  it("says that a forged file is not on record, after trying every algorithm", async () => {
    const forged = data.RECORDED_FILE.replace("1107", "1108");
    const page = await visit("/verify");
    await choose(page, [{ name: "forged.txt", content: forged }]);
    const { outcome, words } = await verdictOf(page, "forged.txt");
    expect(outcome).to.equal("absent");
    expect(words).to.include("Not on record").and.to.include("was changed after it was recorded");
    for (const algorithm of ["sha2-256", "sha3-256", "sm3-256", "sha2-512-256"] as const) {
      const digest = bytesToHex(digestBytes(new TextEncoder().encode(forged), algorithm));
      expect(
        server.asked.some((path) => path.includes(digest)),
        algorithm,
      ).to.equal(true);
    }
  });

  it("says that a record was revoked", async () => {
    const page = await visit("/verify");
    await choose(page, [{ name: "report.txt", content: data.REVOKED_FILE }]);
    expect((await verdictOf(page, "report.txt")).outcome).to.equal("revoked");
  });

  it("names who certified a user's account when it recorded", async () => {
    const page = await visit("/verify");
    await choose(page, [{ name: "mine.txt", content: "a user's own file" }]);
    const { words } = await verdictOf(page, "mine.txt");
    expect(words).to.include("Greenfield Growers 绿野农场 had certified this account at level “Real name”");
  });

  it("checks several files, an empty one among them, and forgets them on request", async () => {
    const page = await visit("/verify");
    await choose(page, [
      { name: "empty.txt", content: "" },
      { name: "certificate.txt", content: data.RECORDED_FILE },
    ]);
    expect((await verdictOf(page, "empty.txt")).outcome).to.equal("absent");
    expect((await verdictOf(page, "certificate.txt")).outcome).to.equal("recorded");
    await page.getByRole("button", { name: "Clear the list" }).click();
    expect(await page.locator(".verdict").count()).to.equal(0);
  });

  it("checks each event of a traceability export by itself, whatever its layout", async () => {
    const page = await visit("/verify");
    await choose(page, [{ name: "export.json", content: JSON.stringify(data.TRACE_EXPORT, null, 3) }]);
    const rows = page.locator("tbody tr");
    await rows.first().waitFor();
    expect(await shownText(rows.nth(0))).to.match(/1 · shipping[\s\S]*Northern Cold Chain[\s\S]*Valid/);
    expect(await shownText(rows.nth(1))).to.match(/2 · receiving[\s\S]*Not on record/);
    expect(await shownText(page.locator("main"))).to.include("1 of 2 are on record.");
  });

  it("names an account that is no partner by its ID and who certified it", async () => {
    const page = await visit("/records");
    const row = page.locator("tbody tr", { hasText: data.accounts[3]?.accountId ?? "" });
    expect(await shownText(row)).to.include("certified by Greenfield Growers 绿野农场");
  });

  it("unfolds every detail of the record", async () => {
    const page = await visit(`/verify?digest=${data.recorded.digest.slice(2).toUpperCase()}`);
    await page.getByText("Details of the record").click();
    const words = await shownText(page.locator(".verdict"));
    for (const value of [data.recorded.digest, data.recorded.id, data.recorded.transactionHash, "SHA-256"]) {
      expect(words).to.include(value);
    }
  });

  it("says that a text is no digest", async () => {
    const page = await visit("/verify?digest=0x12");
    expect(await shownText(page.locator("main"))).to.include("This is not a digest");
  });

  it("says what went wrong where the query interface fails", async () => {
    const page = await visit("/verify");
    server.mood = "failing";
    await choose(page, [{ name: "certificate.txt", content: data.RECORDED_FILE }]);
    expect(await shownText(page.getByRole("alert"))).to.include("service.unavailable");
  });

  it("compares a file with one record", async () => {
    const page = await visit(`/records/${data.recorded.id}`);
    await page.getByText("Have the file?").waitFor();
    await choose(page, [
      { name: "right.txt", content: data.RECORDED_FILE },
      { name: "wrong.txt", content: `${data.RECORDED_FILE} ` },
    ]);
    await page.getByText("right.txt is exactly what is on record.").waitFor();
    await page.getByText("wrong.txt is not what is on record.").waitFor();
  });

  describe("timelines", () => {
    it("shows a whole chain with who and when, oldest first", async () => {
      const page = await visit(`/objects/${data.object.id}`);
      const nodes = page.locator(".timeline > li");
      await nodes.first().waitFor();
      expect(await nodes.count()).to.equal(5);
      expect(await shownText(page.locator("main"))).to.include("The chain is whole");
      expect(await shownText(nodes.nth(0))).to.match(/Greenfield Growers[\s\S]*08:45:00[\s\S]*first link/);
      expect(await shownText(nodes.nth(2))).to.include("Northern Cold Chain");
    });

    it("marks what a dishonest server forged or left out", async () => {
      server.mood = "forged-timeline";
      const page = await visit(`/objects/${data.object.id}`);
      const nodes = page.locator(".timeline > li");
      await nodes.first().waitFor();
      const words = await shownText(page.locator("main"));
      expect(words).to.include("The chain has faults").and.to.include("The object's state says 5 links; there are 4.");
      expect(await shownText(nodes.nth(2))).to.include("The link's digest differs from its record's.");
      expect(await shownText(nodes.nth(3))).to.include("A link is missing before this one.");
      expect(await shownText(nodes.nth(1))).not.to.include("⚠");
    });

    it("says to which link each file belongs, and which belongs to none", async () => {
      const page = await visit(`/objects/${data.object.id}`);
      await page.locator(".timeline").waitFor();
      await choose(page, [
        { name: "loading.txt", content: "loaded" },
        { name: "swapped.txt", content: "loaded elsewhere" },
      ]);
      await page.getByText("swapped.txt belongs to no link of this timeline").waitFor();
      const third = page.locator(".timeline > li").nth(2);
      expect(await shownText(third)).to.include("matches your file loading.txt");
    });
  });

  describe("search", () => {
    const search = async (query: string) => {
      const page = await visit("/");
      await page.getByRole("searchbox").fill(query);
      await page.getByRole("searchbox").press("Enter");
      return page;
    };

    it("opens the only result at once", async () => {
      for (const [query, path] of [
        [data.recorded.digest, `/records/${data.recorded.id}`],
        [data.object.id, `/objects/${data.object.id}`],
        [data.USER_ID, `/accounts/${data.USER}`],
        ["tasting", `/vouchers/${data.voucher.address}`],
      ] as const) {
        const page = await search(query);
        await page.waitForURL(`**${path}`);
        await page.goBack();
        expect(new URL(page.url()).pathname, "one step back is where the search began").to.equal("/");
        await watched.close();
      }
    });

    it("lists several results by what they are", async () => {
      const page = await search("r");
      await page.getByRole("heading", { name: "results for “r”" }).waitFor();
      const hits = await page.locator(".hits li").allInnerTexts();
      expect(hits.join("\n")).to.include("Northern Cold Chain").and.to.include("Greenfield Growers");
    });

    it("shows a name that only looks like the one typed for what it is, and never opens it by itself", async () => {
      const page = await search("greеnfield-growers");
      await page.getByText("Careful: names that only look alike").waitFor();
      const words = await shownText(page.locator(".hits"));
      expect(words).to.include("greenfield-growers").and.to.include("name chosen freely");
      expect(words).to.include("looks like it, is another name").and.to.include("Other letters in it: e (U+0065)");
      expect(new URL(page.url()).pathname).to.equal("/search");
    });

    it("says that nothing was found", async () => {
      const page = await search("<b>nothing</b>");
      await page.getByText("Nothing found for “<b>nothing</b>”").waitFor();
    });
  });
});
