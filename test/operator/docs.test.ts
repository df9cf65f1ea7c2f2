import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect } from "chai";
import { EXPECTED_ACCESS } from "../api/access/expected-access.ts";
import { type Body, Office, type OperatorNetwork, startNetwork } from "./office.ts";

const page = readFileSync(new URL("../../docs/operator.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```sh\n(curl[\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

describe("docs/operator.md", function () {
  this.timeout(180_000);
  let network: OperatorNetwork | undefined;
  let office: Office | undefined;

  after(async () => {
    await office?.close();
    await network?.stop();
  });

  it("names every route by which something is asked for", () => {
    const routes = Object.keys(EXPECTED_ACCESS).filter((name) => name.startsWith("POST /v1/operator/"));
    expect(routes).to.have.length.greaterThan(15);
    for (const route of routes) {
      const [, , , first, ...rest] = route.split("/");
      expect(page, route).to.contain(`/${first}`);
      expect(page, route).to.contain(`/${rest.at(-1) ?? first}`);
    }
  });

  it("has examples that run as they stand", async function () {
    if (spawnSync("curl", ["--version"]).status !== 0) {
      console.log("      skipped: curl is not installed");
      this.skip();
    }
    network = await startNetwork();
    office = await Office.open(network);
    const url = await office.server.listen({ host: "127.0.0.1", port: 0 });
    expect(examples).to.have.length(5);
    const env = { ...process.env, BROP: `${url}/v1/operator`, KEY: office.key };
    for (const example of examples) {
      const { stdout } = await promisify(execFile)("sh", ["-e", "-c", example], { env });
      // One document after the other, without a line between them.
      for (const answer of stdout.replaceAll("}{", "}\n{").split("\n")) {
        const body: Body = JSON.parse(answer);
        expect(body.code, `${example}\n${answer}`).to.equal(undefined);
        if (body.act !== undefined) expect(body.state, answer).to.equal("done");
      }
    }
  });
});
