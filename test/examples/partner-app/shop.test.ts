import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { killPlatforms, launchPlatform, untilReady } from "../../platform/support/platform-process.ts";
import { examplePath, runExample } from "../run-example.ts";

describe("the shop of a partner", function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "brop-shop-test-"));
  const data = join(folder, "data");
  const settings = join(folder, "shop.json");
  let url: string;

  before(async () => {
    ({ url } = await untilReady(launchPlatform({ data })));
  });

  after(async () => {
    await killPlatforms();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (name: string, ...args: string[]) => runExample(`partner-app/${name}`, args);

  it("asks for its set-up before it opens", async () => {
    const { code, words } = await run("shop.ts", "--settings", settings);
    expect(code).to.equal(1);
    expect(words).to.include("run set-up.ts first");
  });

  it("becomes a partner with an API key, which its owner alone can read", async () => {
    const { code, output, words } = await run("set-up.ts", "--platform", url, "--data", data, "--settings", settings);
    expect(code, words).to.equal(0);
    expect(output).to.include("is a partner: account 0x");
    expect(statSync(settings).mode & 0o077).to.equal(0);
  });

  it("has every order recorded, is told of each by webhook, and finds them by their fields", async () => {
    const { code, output, words } = await run("shop.ts", "--settings", settings, "--customers", "4");
    expect(code, words).to.equal(0);
    expect(output.match(/^Recorded in block \d+: 0x[0-9a-f]{64}$/gm)).to.have.length(4);
    expect(output.match(/^Customer \d 陈: .+, \d+\.\d\d, block \d+$/gm)).to.have.length(4);
    expect(output).to.include("安溪铁观音 Tieguanyin: 2 sold, 177.00");
  });

  it("shows its page, takes an order there, and refuses forged webhooks and bad forms", async () => {
    const child = spawn(process.execPath, [examplePath("partner-app/shop.ts"), "--settings", settings, "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      let said = "";
      const shop = await new Promise<string>((resolve) => {
        child.stdout.on("data", (chunk: Buffer) => {
          said += chunk.toString();
          const opened = /open at (\S+)/.exec(said)?.[1];
          if (opened !== undefined) resolve(opened);
        });
      });
      const order = (fields: Record<string, string>) =>
        fetch(`${shop}/orders`, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
      const tea = { product: "龙井 Longjing", quantity: "2" };
      expect((await order({ ...tea, customer: "<b>Zhou</b>" })).status).to.equal(303);
      expect((await order({ ...tea, customer: "Xu", quantity: "0" })).status).to.equal(400);
      expect((await order({ ...tea, customer: "Xu", product: "coffee" })).status).to.equal(400);
      const page = await (await fetch(`${shop}/?search=zhou`)).text();
      expect(page).to.include("&#60;b&#62;Zhou").and.include("240.00").and.not.include("<b>Zhou");
      const headers = { "webhook-id": "1-1-00", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA" };
      expect((await fetch(`${shop}/hook`, { method: "POST", body: "{}", headers })).status).to.equal(400);
      while (!said.includes("Recorded in block")) await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      child.kill();
    }
  });
});
