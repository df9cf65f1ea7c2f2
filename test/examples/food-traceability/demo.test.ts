import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { killPlatforms, launchPlatform, untilReady } from "../../platform/support/platform-process.ts";
import { runExample } from "../run-example.ts";

describe("the demonstration", function () {
  this.timeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "brop-demo-test-"));
  const data = join(folder, "data");
  const temporary = join(folder, "temporary");
  let url: string;

  before(async () => {
    ({ url } = await untilReady(launchPlatform({ data })));
  });

  after(async () => {
    await killPlatforms();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the program against the platform. */
  const run = (...args: string[]) => runExample("food-traceability/demo.ts", args, { TMPDIR: folder });

  const leftovers = () => readdirSync(folder).filter((name) => name.startsWith("brop-tea-"));

  it("confirms the honest story and finds every forgery, on a platform that knows nobody yet", async () => {
    const { code, output, words } = await run("--url", url, "--keys", join(data, "keys"), "--json");
    expect(code, words).to.equal(0);
    const result = JSON.parse(output);
    expect(result.passed).to.equal(true);
    expect(result.honest).to.include({ confirmed: true }).and.have.deep.property("faults", []);
    expect(result.honest.timeline).to.have.length(17);
    expect(new Set(result.honest.timeline.map(({ partner }: { partner: string }) => partner))).to.have.property(
      "size",
      5,
    );
    expect(result.forgeries.map(({ found }: { found: boolean }) => found)).to.deep.equal([true, true, true]);
    expect(result.coupons.balances).to.deep.equal({ ming: 3, lan: 2 });
    expect(leftovers()).to.deep.equal([]);
  });

  it("runs again with the same institutions and another lot, and draws the timeline for people", async () => {
    const { code, output, words } = await run("--rpc", url, "--keys", join(data, "keys"));
    expect(code, words).to.equal(0);
    expect(output).to.include("Lantern Market is a partner already").and.not.include("signs the partner agreement");
    expect(output).to.match(/│ ✓ +2 {2}2026-04-06 09:10 {2}production +[0-9a-f]{8}…[0-9a-f]{4} +│/);
    expect(output).to.include("Confirmed: 17 links");
    expect(output.match(/Found, and named\./g)).to.have.length(3);
  });

  it("says which folder has no operator's key", async () => {
    const { code, output } = await run("--url", url, "--keys", temporary, "--json");
    expect(code).to.equal(1);
    expect(JSON.parse(output).error).to.include({ code: "key.not-found", directory: temporary });
  });

  it("says that no platform is there, and how to start one", async () => {
    const { code, words } = await run("--url", "http://127.0.0.1:1");
    expect(code).to.equal(1);
    expect(words).to.include("chain.unreachable").and.include("npm start");
  });

  it("explains its options, and refuses others", async () => {
    expect(await run("--help"))
      .to.include({ code: 0 })
      .and.have.property("output")
      .that.includes("--keys DIR");
    expect(await run("--nonsense")).to.include({ code: 2, output: "" });
  });
});
