import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Wallet } from "ethers";
import { brop, type Ended, type Surroundings } from "./support/brop.ts";
import { errorOf } from "./support/stage.ts";

describe("brop keys", function () {
  this.timeout(30_000);
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), "brop-cli-"));
  });
  afterEach(() => rm(cwd, { recursive: true }));
  const run = (args: string[], surroundings: Partial<Surroundings> = {}): Promise<Ended> =>
    brop(["keys", ...args], { cwd, ...surroundings });
  const keyFile = (name: string) => readFile(join(cwd, "data", "keys", `${name}.json`), "utf8");

  it("makes a key in the data folder and never shows it", async () => {
    const made = await run(["create", "ann"]);
    expect(made.code).to.equal(0);
    expect(made.stderr).to.contain("not encrypted");
    const { address, privateKey } = JSON.parse(await keyFile("ann"));
    expect(made.stdout).to.contain(address);
    const [listed, shown] = await Promise.all([run(["list"]), run(["show", "ann", "--json"])]);
    expect(listed.stdout)
      .to.match(/^NAME +ADDRESS/)
      .and.contain(address);
    expect(JSON.parse(shown.stdout)).to.deep.equal({ name: "ann", address, encrypted: false });
    for (const { stdout, stderr } of [made, listed, shown]) expect(stdout + stderr).not.to.contain(privateKey.slice(2));
  });

  it("shows the private key where it is asked to reveal it", async () => {
    await run(["create", "ann"]);
    const { privateKey } = JSON.parse(await keyFile("ann"));
    expect((await run(["show", "ann", "--reveal"])).stdout).to.contain(privateKey);
    const { stdout } = await run(["show", "ann", "--reveal", "--json"]);
    expect(JSON.parse(stdout).privateKey).to.equal(privateKey);
  });

  it("takes over a private key from standard input, and says nothing of a wrong one", async () => {
    const { address, privateKey } = Wallet.createRandom();
    const made = await run(["create", "own", "--import", "--json"], { input: `${privateKey}\n` });
    expect(JSON.parse(made.stdout)).to.include({ name: "own", address });
    const wrong = await run(["create", "bad", "--import"], { input: "0xsecret" });
    expect(wrong.code).to.equal(1);
    expect(wrong.stdout + wrong.stderr)
      .to.contain("request.invalid")
      .and.not.contain("secret");
  });

  it("encrypts a key with BROP_KEY_PASSWORD", async () => {
    const environment = { BROP_KEY_PASSWORD: "correct horse" };
    const made = await run(["create", "ann", "--json"], { environment });
    expect(JSON.parse(made.stdout)).to.include({ encrypted: true });
    expect(JSON.parse(await keyFile("ann"))).not.to.have.property("privateKey");
    const wrong = await run(["show", "ann", "--reveal", "--json"], { environment: { BROP_KEY_PASSWORD: "wrong" } });
    expect(errorOf(wrong)).to.include({ code: "key.wrong-password" });
    const without = await run(["show", "ann", "--reveal", "--json"]);
    expect(errorOf(without)).to.include({ code: "key.wrong-password" });
    expect((await run(["show", "ann", "--reveal"], { environment })).code).to.equal(0);
  });

  it("refuses a name that is taken, one that is none, and one that is not there", async () => {
    await run(["create", "ann"]);
    expect(errorOf(await run(["create", "ann", "--json"]))).to.include({ code: "key.exists" });
    expect(errorOf(await run(["create", "../ann", "--json"]))).to.include({ code: "request.invalid" });
    expect(errorOf(await run(["show", "bob", "--json"]))).to.include({ code: "key.not-found" });
    const { stderr } = await run(["show", "bob"]);
    expect(stderr).to.contain("key.not-found").and.contain("brop keys list");
  });

  it("keeps keys where --keys says, and says nothing with --quiet", async () => {
    const made = await run(["create", "ann", "--keys", "elsewhere", "--quiet"]);
    expect(made).to.deep.equal({ code: 0, stdout: "", stderr: "" });
    expect(JSON.parse((await run(["list", "--keys", "elsewhere", "--json"])).stdout).keys).to.have.length(1);
    expect(JSON.parse((await run(["list", "--json"])).stdout)).to.deep.equal({ keys: [] });
    expect((await run(["list"])).stdout).to.contain("brop keys create");
  });
});
