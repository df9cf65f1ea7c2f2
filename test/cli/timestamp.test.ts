import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import { createApiKey } from "../../src/api/access/api-key.ts";
import { SERVER_OPTIONS } from "../../src/api/server-options.ts";
import { timestampAuthorityRoutes } from "../../src/api/timestamp-authority/routes.ts";
import { readResponse } from "../../src/core/timestamp/response.ts";
import { certificatesToPem } from "../../src/timestamp/authority/development-identity.ts";
import { TimestampClient } from "../../src/timestamp/client/timestamp-client.ts";
import { type ApiServer, startApi } from "../api/api-server.ts";
import { recordIdOf } from "../indexer/platform-events.ts";
import { RECORD, tellStory } from "../indexer/story.ts";
import { authorityOf, certifyIssuer, certifyStamping } from "../support/time-stamp-authorities.ts";
import { brop } from "./support/brop.ts";

describe("brop timestamp", function () {
  this.timeout(120_000);
  const cwd = mkdtempSync(join(tmpdir(), "brop-timestamp-"));
  const root = certifyIssuer("Root");
  const authority = authorityOf({ root, own: certifyStamping("Authority", root) });
  let server: FastifyInstance;
  let api: ApiServer;
  let url = "";

  before(async () => {
    server = fastify(SERVER_OPTIONS);
    await server.register(timestampAuthorityRoutes, { authority, rate: 0 });
    url = await server.listen({ host: "127.0.0.1", port: 0 });
    writeFileSync(join(cwd, "contract.txt"), "What was agreed");
    writeFileSync(join(cwd, "other.txt"), "What was not agreed");
    writeFileSync(join(cwd, "trust.pem"), certificatesToPem([root.certificate]));
    writeFileSync(join(cwd, "strangers.pem"), certificatesToPem([certifyIssuer("Stranger").certificate]));
  });
  after(async () => {
    await server.close();
    await api?.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  const run = (...args: string[]) => brop(args, { cwd, environment: {} });

  it("has a file stamped and keeps the answer, which can be verified by itself", async () => {
    const { code, stdout } = await run("--rpc", url, "--json", "timestamp", "file", "contract.txt");
    expect(code, stdout).to.equal(0);
    expect(JSON.parse(stdout)).to.include({ reply: "contract.txt.tsr", authority: "Authority", algorithm: "SHA-256" });
    const verify = ["timestamp", "verify", "contract.txt.tsr", "--trust", "trust.pem"];
    const good = await run(...verify, "--file", "contract.txt");
    expect(good.stdout).to.contain("The time stamp holds");
    expect(good.code).to.equal(0);
    const { digest } = JSON.parse(stdout);
    const again = await run(...verify, "--digest", digest.slice(2), "--json");
    expect(JSON.parse(again.stdout)).to.include({ verified: true, digest });
  });

  it("says what does not hold, and ends with 3", async () => {
    const of = (trust: string, file: string) =>
      run("timestamp", "verify", "contract.txt.tsr", "--trust", trust, "--file", file);
    const other = await of("trust.pem", "other.txt");
    expect([other.code, other.stdout]).to.deep.equal([3, "✗ The proof does not hold: time stamp is of other data\n"]);
    const stranger = await of("strangers.pem", "contract.txt");
    expect(stranger.code).to.equal(3);
    expect(stranger.stdout).to.contain("leads to no authority that is trusted");
    writeFileSync(join(cwd, "garbage.tsr"), "garbage");
    const garbage = await run(
      "timestamp",
      "verify",
      "garbage.tsr",
      "--trust",
      "trust.pem",
      "--digest",
      "00".repeat(32),
    );
    expect(garbage.code).to.equal(3);
  });

  it("refuses what is no digest, no file, and neither or both of them", async () => {
    const verify = ["timestamp", "verify", "contract.txt.tsr", "--trust", "trust.pem"];
    for (const args of [[], ["--file", "contract.txt", "--digest", "00"], ["--digest", "00"]]) {
      expect((await run(...verify, ...args)).code, args.join(" ")).to.equal(2);
    }
    expect((await run(...verify, "--file", "missing")).code).to.equal(1);
    expect((await run("timestamp", "record", "0x12")).code).to.equal(2);
  });

  it("has a record stamped", async () => {
    const client = new TimestampClient({
      ask: (request) => authority.answer(request),
      ...{
        trusted: [root.certificate],
        random: (bytes: number) => new Uint8Array(bytes).fill(5),
        now: () => Date.now(),
      },
    });
    api = await startApi(tellStory(), undefined, { timestamps: { client, now: () => Date.now() } });
    const address = await api.server.listen({ host: "127.0.0.1", port: 0 });
    const about = { name: "stamps", role: "operator" as const, scopes: ["*"], expiresAt: null };
    const { key } = await createApiKey(api.db, about, "test", Date.now());
    const args = ["--rpc", address, "--json", "timestamp", "record", recordIdOf(RECORD), "--out", "record.tsr"];
    const { code, stdout } = await brop(args, { cwd, environment: { BROP_API_KEY: key } });
    expect(code, stdout).to.equal(0);
    expect(JSON.parse(stdout).timestamp.object).to.equal(recordIdOf(RECORD));
    expect(readResponse(new Uint8Array(readFileSync(join(cwd, "record.tsr")))).token).to.be.instanceOf(Uint8Array);
  });
});
