import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { buildBundle } from "../../src/chain/bundle/build-bundle.ts";
import type { Bundle } from "../../src/core/bundle/bundle.ts";
import type { SealedTrust } from "../../src/core/qbft/trust.ts";
import {
  CLAIMS,
  CONTENT,
  evidenceNetwork,
  evidenceRequest,
  REVOKED_STATE,
  VALID_STATE,
} from "../support/bundles/evidence-network.ts";
import { violations } from "./support/accessibility.ts";
import { launchBrowser, openPage, shownText, type WatchedPage } from "./support/browser.ts";
import { choose } from "./support/files.ts";
import { type FixtureServer, startFixtureServer } from "./support/fixture-server.ts";
import { builtSite } from "./support/site.ts";

describe("site: proof bundles", function () {
  this.timeout(60_000);
  const network = evidenceNetwork();
  const trust = network.trust as SealedTrust;
  let server: FixtureServer;
  let browser: Browser;
  let watched: WatchedPage;
  let bundle: Bundle;

  before(async function () {
    const launched = await launchBrowser();
    if (!launched) return this.skip();
    browser = launched;
    server = await startFixtureServer(await builtSite());
    bundle = await bundleOf(VALID_STATE);
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

  const bundleOf = (state: number) => buildBundle(network.ask, { ...evidenceRequest(network, CLAIMS.record), state });
  const json = (name: string, value: unknown) => ({ name, content: JSON.stringify(value) });
  const checkpoint = {
    checkpoint: {
      ...{ chainId: Number(trust.chainId), number: 0, hash: trust.anchor.hash, epoch: 0 },
      validators: trust.set.validators,
    },
  };

  /** The page for checking, with everything loaded that it needs, on a site of the bundle's network or of another one. */
  async function visit(ofNetwork = true): Promise<Page> {
    watched = await openPage(browser);
    const { page } = watched;
    if (ofNetwork) await answerForNetwork(page);
    await page.goto(`${server.url}/verify`);
    await page.getByText("All it takes is loaded").waitFor();
    return page;
  }

  async function answerForNetwork(page: Page): Promise<void> {
    const { chainId, hash, validators } = checkpoint.checkpoint;
    const status = { chainId, genesisHash: hash, head: network.head, indexedHead: network.head, counts: {} };
    await page.route("**/v1/status", (route) => route.fulfill({ json: status }));
    const items = validators.map((validator) => ({ validator, seat: null, epoch: 0, blockNumber: 0 }));
    await page.route("**/v1/validators?at=0", (route) => route.fulfill({ json: { needed: 3, items } }));
  }

  const report = (page: Page, name: string) => page.locator(".verdict", { hasText: name });
  const statement = (page: Page, words: string) => page.locator(".statement", { hasText: words });

  it("are checked with the network cut off, with the file that they are about", async () => {
    const page = await visit();
    await page.context().setOffline(true);
    server.asked.splice(0);
    await choose(page, [json("proof.json", bundle)]);
    const card = report(page, "proof.json");
    await card.getByRole("heading", { name: "Everything in it is proven" }).waitFor();
    const words = await shownText(card);
    expect(words).to.include("A quorum of the bookkeepers sealed each of its blocks");
    expect(words).to.match(/Valid · As of block 7/);
    expect(words).to.include("Trusted from the start: what this site says of the network's beginning");
    await choose(card, [{ name: "apples.txt", content: CONTENT }]);
    await card.getByText("apples.txt").waitFor();
    expect(await statement(page, "Your file is the one that was recorded").getAttribute("data-tone")).to.equal("good");
    await choose(card, [{ name: "pears.txt", content: "pears" }]);
    await card.getByRole("heading", { name: "It does not hold" }).waitFor();
    expect(await card.getAttribute("data-outcome")).to.equal("failed");
    expect(words).not.to.include("could not be loaded");
    expect(server.asked.filter((path) => !/status|partners/.test(path))).to.deep.equal([]);
  });

  it("say that a record was revoked later, which is proven as well", async () => {
    const page = await visit();
    await choose(page, [json("proof.json", await bundleOf(REVOKED_STATE))]);
    const words = await shownText(report(page, "proof.json"));
    expect(words)
      .to.match(/Revoked · As of block 8/)
      .and.to.include("Its owner has revoked it");
  });

  it("are refused with the exact reason when they were tampered with", async () => {
    const forged: Record<string, [unknown, string]> = {
      "digest.json": [
        { ...bundle, claim: { ...bundle.claim, owner: `0x${"77".repeat(20)}` } },
        "The log says something else than the claim",
      ],
      "chain.json": [{ ...bundle, network: { ...bundle.network, chainId: 1 } }, "The bundle is of another chain"],
      "unsealed.json": [
        { ...bundle, network: { ...bundle.network, sealed: false } },
        "The blocks are not sealed, and those of this network are",
      ],
      "form.json": [{ ...bundle, further: true }, "The bundle does not fit its schema"],
    };
    const page = await visit();
    await choose(
      page,
      Object.entries(forged).map(([name, [value]]) => json(name, value)),
    );
    for (const [name, [, reason]] of Object.entries(forged)) {
      const card = report(page, name);
      expect(await shownText(card), name).to.include(reason);
      expect(await card.getAttribute("data-outcome"), name).to.equal("failed");
    }
  });

  it("of another network are refused, unless the visitor gives a start of the own", async () => {
    const page = await visit(false);
    await choose(page, [json("proof.json", bundle)]);
    expect(await shownText(report(page, "proof.json"))).to.include("The bundle is of another chain");
    await choose(page.locator("main > .stack > .drop-zone"), [json("checkpoint.json", checkpoint)]);
    await page.getByText(`Bundles are now checked from this start of chain ${trust.chainId}`).waitFor();
    await report(page, "proof.json").getByRole("heading", { name: "Everything in it is proven" }).waitFor();
    expect(await shownText(report(page, "proof.json"))).to.include("Trusted from the start: checkpoint.json");
  });

  it("are not believed from a start that is none", async () => {
    const page = await visit();
    await choose(page, [json("start.json", { checkpoint: { chainId: 1, number: -1 } }), json("proof.json", bundle)]);
    const alerts = page.getByRole("alert");
    expect(await shownText(alerts.first())).to.include("request.invalid");
    while ((await alerts.count()) < 2) await page.waitForTimeout(20);
    expect(await page.locator('[data-outcome="proven"]').count()).to.equal(0);
  });

  it("full of markup, or nested without end, do no harm", async () => {
    const markup = "<img src=x onerror=\"document.title='owned'\">";
    const deep = `{"format":"brop-proof-bundle","x":${"[".repeat(200_000)}`;
    const page = await visit();
    await choose(page, [
      json(`${markup.replaceAll("/", "")}.json`, { ...bundle, label: markup }),
      { name: "deep.json", content: deep },
    ]);
    expect(await shownText(report(page, "deep.json"))).to.include("nested too deep");
    expect(await page.locator("main img").count()).to.equal(0);
    expect(await page.title()).not.to.equal("owned");
  });

  it("are reported in both languages without a breach of accessibility, on a phone too", async () => {
    const page = await visit();
    await choose(page, [json("proof.json", bundle)]);
    await report(page, "proof.json").waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page), colorScheme).to.deep.equal([]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: "切换到中文" }).click();
    await page.getByRole("heading", { name: "其中内容全部得到证明" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).to.be.at.most(360);
  });
});
