import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fastify, { type FastifyInstance } from "fastify";
import { createApiKey } from "../../src/api/access/api-key.ts";
import { systemClock } from "../../src/core/clock.ts";
import { EventReader } from "../../src/push/event-reader.ts";
import { pushRoutes } from "../../src/push/routes.ts";
import { type ApiServer, startApi } from "../api/api-server.ts";
import { tellStory } from "../indexer/story.ts";
import { brop } from "./support/brop.ts";

describe("brop over HTTP", function () {
  this.timeout(120_000);
  const cwd = mkdtempSync(join(tmpdir(), "brop-http-"));
  let api: ApiServer;
  let events: FastifyInstance;
  let reader: EventReader;
  let url: string;
  let streams: string;
  before(async () => {
    const story = tellStory();
    api = await startApi(story);
    url = await api.server.listen({ host: "127.0.0.1", port: 0 });
    reader = new EventReader(api.db, systemClock);
    await reader.start();
    events = fastify();
    await events.register(pushRoutes, { reader, chainId: story.chainId });
    streams = await events.listen({ host: "127.0.0.1", port: 0 });
    const description = { name: "operator", role: "operator", scopes: ["*"], expiresAt: null } as const;
    const { key } = await createApiKey(api.db, description, "platform", Date.now());
    mkdirSync(join(cwd, "data"));
    writeFileSync(join(cwd, "data", "operator-api-key"), `${key}\n`);
  });
  after(async () => {
    await events.close();
    await reader.stop();
    await api.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  const run = (args: string[], environment: Record<string, string> = {}) =>
    brop(["--rpc", url, ...args], { cwd, environment });
  const json = async (args: string[], environment?: Record<string, string>) => {
    const { code, stdout, stderr } = await run(["--json", ...args], environment);
    expect(code, stdout + stderr).to.equal(0);
    return JSON.parse(stdout);
  };

  it("makes, lists, changes and ends API keys with the key of the data folder", async () => {
    const made = await json(["api-key", "create", "ERP", "--role", "partner", "--scope", "data", "submissions"]);
    expect(made).to.deep.include({ name: "ERP", role: "partner", scopes: ["data", "submissions"] });
    const next = await json(["api-key", "rotate", made.id]);
    expect(next.key)
      .to.match(/^brop_/)
      .and.not.equal(made.key);
    expect((await json(["api-key", "revoke", made.id])).revokedAt).to.be.a("string");
    const listed = await run(["api-key", "list"]);
    expect(listed.stdout).to.match(new RegExp(`${made.id}\\s+partner\\s+ERP\\s+data submissions\\s+revoked`));
    expect(listed.stdout).to.not.include(made.key).and.not.include(next.key);
  });

  it("keeps webhooks with the key of the environment", async () => {
    const { key } = await json(["api-key", "create", "ERP", "--role", "partner"]);
    const own = { BROP_API_KEY: key };
    const hook = ["subscription", "create", "https://example.org/hook", "--type", "records.*", "--where", '{"kind":3}'];
    const made = await json([...hook, "--from-block", "2", "--description", "ours"], own);
    expect(made.filter).to.deep.equal({ types: ["records.*"], where: { kind: 3 } });
    expect(await json(["subscription", "list"], own)).to.have.lengthOf(1);
    expect(await json(["subscription", "list"])).to.have.lengthOf(0);
    expect((await json(["subscription", "deliveries", made.id, "--state", "dead"], own)).items).to.deep.equal([]);
    expect((await json(["subscription", "replay", made.id, "--from-block", "0"], own)).id).to.equal(made.id);
    expect((await json(["subscription", "delete", made.id], own)).id).to.equal(made.id);
    expect(await json(["subscription", "list"], own)).to.have.lengthOf(0);
  });

  it("follows events, one a line", async () => {
    const args = ["events", "--type", "records.*", "--from-block", "0", "--count", "2"];
    const { stdout, code } = await brop(["--rpc", streams, "--json", ...args], { cwd });
    const lines = stdout.trimEnd().split("\n");
    expect([code, lines.length]).to.deep.equal([0, 2]);
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect(first.type).to.match(/^brop\.records\./);
    const after = ["events", "--type", "records.*", "--after", first.id, "--count", "1", "--json"];
    expect(JSON.parse((await brop(["--rpc", streams, ...after], { cwd })).stdout)).to.deep.equal(second);
    const words = await brop(["--rpc", streams, ...args], { cwd });
    expect(words.stdout).to.include("records.").and.include("owner=0x");
  });

  it("stores files, encrypted too, fetches, lists, counts and removes them", async () => {
    const bytes = randomBytes(300_000);
    writeFileSync(join(cwd, "tea.bin"), bytes);
    const file = await json(["file", "put", "tea.bin", "--public", "--until", "2099-01-01"]);
    expect(file).to.include({ name: "tea.bin", size: 300_000, visibility: "public" });
    const got = await run(["file", "get", file.id, "--output", "again.bin"]);
    expect(got.code, got.stderr).to.equal(0);
    expect(readFileSync(join(cwd, "again.bin")).equals(bytes)).to.equal(true);
    const there = await run(["file", "get", file.id]);
    expect(there.code).to.equal(1);
    expect(there.stderr).to.include("is there already");
    expect((await run(["file", "get", file.id, "--force"])).code).to.equal(0);
    const other = await run(["file", "get", file.id, "--output", "x.bin", "--digest", `0x${"12".repeat(32)}`]);
    expect(other.stderr).to.include("store.damaged");
    expect(existsSync(join(cwd, "x.bin"))).to.equal(false);

    const { recipient } = await json(["file", "key", "clinic.key"]);
    expect((await run(["file", "key", "clinic.key"])).stderr).to.include("key.exists");
    const sealed = await json(["file", "put", "tea.bin", "--encrypt-to", recipient]);
    expect(sealed.name).to.equal("tea.bin.age");
    await json(["file", "get", sealed.id, "--identity", "clinic.key", "--output", "opened.bin"]);
    expect(readFileSync(join(cwd, "opened.bin")).equals(bytes)).to.equal(true);

    expect((await run(["file", "list"])).stdout).to.match(/tea\.bin\.age[\s\S]*tea\.bin/);
    const removed = await json(["file", "remove", file.id, "--reason", "over"]);
    expect(removed.deleted.reason).to.equal("over");
    expect((await run(["file", "show", file.id])).stdout).to.match(/deleted\s+20/);
    expect((await json(["file", "list", "--deleted"])).map(({ id }: { id: string }) => id)).to.deep.equal([file.id]);
    const bill = await json(["file", "bill", "--from", "2020-01-01", "--to", "2020-02-01"]);
    expect(bill).to.include({ files: 0, byteDays: "0.000000" });
    const lines = await run(["file", "bill", "--csv", "--from", "2020-01-01", "--to", "2020-02-01"]);
    expect(lines.stdout).to.match(/^file,digest,name,bytes,/);
  });

  it("says what was refused, and what is not understood", async () => {
    const refused = await run(["--json", "api-key", "list"], { BROP_API_KEY: "brop_wrong" });
    expect(refused.code).to.equal(1);
    expect(JSON.parse(refused.stdout).error.code).to.equal("access.unauthenticated");
    const none = await brop(["--rpc", url, "--json", "api-key", "list"], { cwd: tmpdir() });
    expect(JSON.parse(none.stdout).error.detail).to.include("BROP_API_KEY");
    const nobody = await brop(["--rpc", "http://127.0.0.1:1", "--json", "api-key", "list"], { cwd });
    expect(JSON.parse(nobody.stdout).error.code).to.equal("chain.unreachable");
    for (const args of [
      ["subscription", "replay", "sub_0", "--from-block", "-1"],
      ["subscription", "create", "https://example.org/", "--where", "{"],
      ["events", "--count", "few"],
    ]) {
      expect((await run(args)).code, args.join(" ")).to.equal(2);
    }
  });
});
