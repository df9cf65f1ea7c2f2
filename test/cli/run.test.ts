import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { brop } from "./support/brop.ts";

describe("The command line", function () {
  this.timeout(20_000);
  let cwd: string;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "brop-cli-"));
  });
  after(() => rm(cwd, { recursive: true }));

  it("lists its commands", async () => {
    const { code, stdout } = await brop(["--help"], { cwd });
    expect(code).to.equal(0);
    for (const name of ["start", "status", "keys", "admit", "certify", "record", "verify", "timeline", "voucher"]) {
      expect(stdout).to.match(new RegExp(`^  ${name} `, "m"));
    }
  });

  it("ends with 2 when the command line is not understood, and says why on standard error", async () => {
    const lines = [
      ["recrod", "file"],
      ["record", "--no-such"],
      ["keys", "show"],
      ["record"],
      ["certify", "a", "--days", "x"],
    ];
    for (const args of lines) {
      const { code, stdout, stderr } = await brop(args, { cwd });
      expect({ code, stdout }, args.join(" ")).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr)
        .to.match(/^error: /)
        .and.contain("--help");
    }
  });

  it("says so in one JSON document where JSON is asked for", async () => {
    const { code, stdout, stderr } = await brop(["recrod", "--json"], { cwd });
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: "" });
    expect(JSON.parse(stdout).error).to.include({ code: "request.invalid" });
    expect(JSON.parse(stdout).error.detail).to.contain("recrod");
  });

  it("ends with 2 when a setting is not valid, and names it", async () => {
    const { code, stderr } = await brop(["start", "--port", "many"], { cwd });
    expect(code).to.equal(2);
    expect(stderr).to.contain("configuration.invalid").and.contain("--port");
    const elsewhere = await brop(["status"], { cwd, environment: { BROP_RPC_URL: "nonsense" } });
    expect(elsewhere.code).to.equal(2);
    expect(elsewhere.stderr).to.contain("BROP_RPC_URL");
  });

  it("ends with 1 when nobody answers, with code and remedy", async () => {
    const { code, stdout, stderr } = await brop(["status", "--rpc", "http://127.0.0.1:9"], { cwd });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.contain("chain.unreachable").and.contain("Check that the node runs");
  });

  it("writes no colours when there is no terminal", async () => {
    const quiet = await brop(["status", "--rpc", "http://127.0.0.1:9"], { cwd, environment: { CI: "true" } });
    expect(quiet.stderr).not.to.contain("\u001b");
    const plain = await brop(["keys", "list"], { cwd, environment: { NO_COLOR: "1" } });
    expect(plain.stdout).not.to.contain("\u001b");
  });
});
