import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { testAccessNode } from "../support/access-node.ts";
import { Running } from "./running.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(ROOT, "docs/uplink.md"), "utf8");

/** Examples of one language, in the order of the page. */
const examples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code = ""]) => code);

// What the page says is typed as it stands there.
describe("docs/uplink.md", function () {
  this.timeout(120_000);
  let running: Running;
  let environment: NodeJS.ProcessEnv;
  let folder: string;

  before(async () => {
    running = await Running.start();
    const { user, userWallet } = running.people;
    folder = mkdtempSync(join(tmpdir(), "brop-uplink-"));
    environment = {
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      NODE_PATH: join(ROOT, "node_modules"),
      BROP: await running.server.listen({ host: "127.0.0.1", port: 0 }),
      RPC: (await testAccessNode()).url,
      KEY: await running.key(),
      ACCOUNT: user.address,
      OWNER: userWallet.privateKey,
    };
  });
  after(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

  it("has commands that do what it says", async () => {
    await run("sh", ["-e", "-c", examples("sh").join("\n")], { cwd: folder, env: environment });
    expect(read("prepared.json")).to.include({ state: "received", kind: "record" });
    expect(read("end.json")).to.include({ state: "included", success: true });
    const [one, two, three] = read("items.json").items;
    expect([one.problem, two.problem, three.problem?.code]).to.deep.equal([null, null, "request.invalid"]);
    expect([one.state, three.state]).to.not.include("received");
    expect(three.state).to.equal("refused");
  });

  for (const [number, code] of examples("js").entries()) {
    it(`has a program that ends with an inclusion (${number + 1})`, async () => {
      const sdk = pathToFileURL(join(ROOT, "src/sdk/index.ts")).href;
      const ethers = import.meta.resolve("ethers");
      const program = code.replace('"brop"', JSON.stringify(sdk)).replace('"ethers"', JSON.stringify(ethers));
      const file = join(folder, `example-${number}.mjs`);
      writeFileSync(file, program);
      const { stdout } = await run(process.execPath, [file], { cwd: folder, env: environment });
      expect(stdout).to.match(/^included true/);
    });
  }
});
