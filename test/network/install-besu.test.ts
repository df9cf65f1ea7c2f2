import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BESU_RELEASE } from "../../src/network/besu-release.ts";
import { installBesu } from "../../src/network/install-besu.ts";
import { brop } from "../cli/support/brop.ts";
import { rejection } from "../support/rejection.ts";
import { type ZipEntry, zipOf } from "./support/zip.ts";

const RELEASE: ZipEntry[] = [
  { name: "besu-1.2.3/" },
  { name: "besu-1.2.3/bin/besu", content: "#!/bin/sh\necho besu\n", mode: 0o755 },
  { name: "besu-1.2.3/lib/besu.jar", content: "classes" },
];

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("brop network install-besu", () => {
  let root: string;
  let archive: string;
  let target: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "brop-besu-"));
    archive = join(root, "besu.zip");
    target = join(root, "besu");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Installs from an archive with these entries, which is the one that is expected. */
  function install(entries: readonly ZipEntry[]): Promise<string> {
    const bytes = zipOf(entries);
    writeFileSync(archive, bytes);
    return installBesu({ target, archive, release: { url: "https://127.0.0.1:1/besu.zip", sha256: digestOf(bytes) } });
  }

  it("unpacks the release into the folder, with programs that run, and leaves nothing else", async () => {
    expect(await install(RELEASE)).to.equal(target);
    expect(readFileSync(join(target, "lib/besu.jar"), "utf8")).to.equal("classes");
    expect(statSync(join(target, "bin/besu")).mode & 0o777).to.equal(0o755);
    expect(readdirSync(root).sort()).to.deep.equal(["besu", "besu.zip"]);
  });

  it("fetches the archive where none is at hand", async () => {
    const bytes = zipOf(RELEASE);
    const server = await serve((url) => (url === "/besu.zip" ? bytes : undefined));
    const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const told: [number, number | undefined][] = [];
    try {
      const release = { url: `${from}/besu.zip`, sha256: digestOf(bytes) };
      await installBesu({ target, release, onProgress: (...progress) => told.push(progress) });
      expect(existsSync(join(target, "bin/besu"))).to.equal(true);
      expect(told.at(-1)).to.deep.equal([bytes.length, bytes.length]);
      const missing = installBesu({ target: join(root, "other"), release: { ...release, url: `${from}/gone.zip` } });
      expect((await rejection(missing))?.code).to.equal("chain.unreachable");
    } finally {
      server.close();
    }
    expect(readdirSync(root)).to.deep.equal(["besu"]);
  });

  it("looks at nothing in an archive whose digest differs", async () => {
    writeFileSync(archive, zipOf(RELEASE));
    const error = await rejection(installBesu({ target, archive }));
    expect(error?.code).to.equal("network.archive-wrong");
    expect(error?.details.expected).to.equal(BESU_RELEASE.sha256);
    expect(readdirSync(root)).to.deep.equal(["besu.zip"]);
  });

  for (const name of ["besu-1.2.3/../../outside", "/outside", "besu-1.2.3\\..\\..\\outside"]) {
    it(`writes nothing outside of its folder: ${name}`, async () => {
      const error = await rejection(install([...RELEASE, { name, content: "gotcha" }]));
      expect(error?.code).to.equal("network.archive-wrong");
      expect(readdirSync(root)).to.deep.equal(["besu.zip"]);
    });
  }

  it("refuses archives that are no ZIP, or no Besu", async () => {
    writeFileSync(archive, "not a zip");
    const release = { url: "", sha256: digestOf(Buffer.from("not a zip")) };
    expect((await rejection(installBesu({ target, archive, release })))?.code).to.equal("network.archive-wrong");
    expect((await rejection(install([{ name: "other/readme", content: "x" }])))?.code).to.equal(
      "network.archive-wrong",
    );
    expect(existsSync(target)).to.equal(false);
  });

  it("never puts anything over a folder that is there", async () => {
    await install(RELEASE);
    const before = statSync(join(target, "bin/besu")).mtimeMs;
    expect((await rejection(install(RELEASE)))?.code).to.equal("request.invalid");
    expect(statSync(join(target, "bin/besu")).mtimeMs).to.equal(before);
  });

  it("says on the command line what is wrong with an archive", async () => {
    writeFileSync(archive, "something else");
    const ended = await brop(["network", "install-besu", target, "--archive", archive, "--json"], { cwd: root });
    expect(ended.code).to.equal(1);
    expect(JSON.parse(ended.stdout).error).to.deep.include({
      code: "network.archive-wrong",
      sha256: digestOf(Buffer.from("something else")),
      expected: BESU_RELEASE.sha256,
    });
  });
});

async function serve(answer: (url: string | undefined) => Buffer | undefined): Promise<Server> {
  const server = createServer((request, response) => {
    const body = answer(request.url);
    response.statusCode = body === undefined ? 404 : 200;
    response.setHeader("content-length", body?.length ?? 0);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
