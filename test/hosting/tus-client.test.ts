import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect } from "chai";
import * as tus from "tus-js-client";
import { systemClock } from "../../src/core/clock.ts";
import type { Hosting } from "../../src/hosting/hosting.ts";
import { Staging } from "../../src/hosting/staging.ts";
import type { Database } from "../../src/store/database.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { type FilesServer, startFilesServer } from "./files-server.ts";
import { fullDisk, HostingFolder, someBytes } from "./hosting-parts.ts";

const MIB = 1_048_576;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const VERSION = { "tus-resumable": "1.0.0" };
const PART = { ...VERSION, "content-type": "application/offset+octet-stream" };

describe("uploads over tus", function () {
  this.timeout(60_000);
  let db: Database;
  let folder: HostingFolder<typeof systemClock>;
  let hosting: Hosting;
  let api: FilesServer;
  let key: string;

  before(async () => {
    db = await openMigrated();
    folder = new HostingFolder(systemClock);
    hosting = await folder.open(db);
    api = await startFilesServer(db, hosting);
    key = await api.key(`0x${"a1".repeat(20)}`);
  });
  after(async () => {
    await api.close();
    folder.remove();
    await db.close();
  });

  const begin = async (size: number, metadata = "") => {
    const headers = { ...VERSION, "upload-length": size, ...(metadata === "" ? {} : { "upload-metadata": metadata }) };
    const answer = await api.ask("POST", "/v1/uploads", { key, headers });
    expect(answer.status, answer.bytes.toString()).to.equal(201);
    return String(answer.headers.location);
  };

  /** What the client makes of a file: the address of its upload. */
  const upload = (bytes: Buffer, options: Partial<tus.UploadOptions> = {}) =>
    new Promise<tus.Upload>((resolve, reject) => {
      const sending = new tus.Upload(bytes, {
        endpoint: `${api.url}/v1/uploads`,
        headers: { authorization: `Bearer ${key}` },
        retryDelays: [0, 100, 500],
        metadata: { filename: "茶.bin", filetype: "application/x-tea", sha256: sha256(bytes).toString("hex") },
        onSuccess: () => resolve(sending),
        onError: reject,
        ...options,
      });
      sending.start();
    });

  const fileOf = async (bytes: Buffer) => {
    const list = await api.ask("GET", `/v1/files?digest=0x${sha256(bytes).toString("hex")}`, { key });
    return list.body.items[0];
  };

  const sameBytes = async (bytes: Buffer) => {
    const file = await fileOf(bytes);
    const got = await api.ask("GET", `/v1/files/${file.id}/content`, { key });
    expect(got.bytes.equals(bytes)).to.equal(true);
    return file;
  };

  it("work with the unmodified client, in one part and in several", async () => {
    const bytes = someBytes(3 * MIB + 1, 40);
    await upload(bytes);
    const file = await sameBytes(bytes);
    expect(file).to.include({ name: "茶.bin", mediaType: "application/x-tea", visibility: "private" });
    const more = someBytes(2 * MIB + 1, 41);
    await upload(more, { chunkSize: 700_000 });
    await sameBytes(more);
    const withCreation = someBytes(500_000, 42);
    await upload(withCreation, { uploadDataDuringCreation: true });
    await sameBytes(withCreation);
  });

  it("are gone on with by the client when the line breaks in the middle, again and again", async () => {
    const bytes = someBytes(4 * MIB, 43);
    const line = await brokenLine(Number(new URL(api.url).port), 1_300_000);
    try {
      const sending = await upload(bytes, {
        endpoint: `http://127.0.0.1:${line.port}/v1/uploads`,
        // The server says where the upload is; it is reached over the line that breaks.
        chunkSize: 4 * MIB,
        retryDelays: Array.from({ length: 20 }, () => 50),
      });
      expect(sending.url).to.match(/\/v1\/uploads\/upload_/);
      expect(line.broken()).to.be.greaterThan(1);
      await sameBytes(bytes);
    } finally {
      line.close();
    }
  });

  it("are gone on with by another client that knows only the address", async () => {
    const bytes = someBytes(MIB, 44);
    const path = await begin(bytes.length);
    await api.ask("PATCH", path, { key, headers: { ...PART, "upload-offset": 0 }, body: bytes.subarray(0, 300_000) });
    await upload(bytes, { uploadUrl: `${api.url}${path}` });
    await sameBytes(bytes);
  });

  it("tell what is spoken, to whoever asks and to pages of other origins", async () => {
    const answer = await api.ask("OPTIONS", "/v1/uploads");
    expect(answer.status).to.equal(204);
    expect(answer.headers).to.include({
      "tus-version": "1.0.0",
      "tus-extension": "creation,creation-with-upload,termination,checksum,expiration",
      "tus-max-size": String(64 * MIB),
      "tus-checksum-algorithm": "sha256,sha512,sha1,md5",
    });
    const preflight = await api.ask("OPTIONS", "/v1/uploads", {
      headers: { "access-control-request-method": "PATCH" },
    });
    expect(preflight.headers["access-control-allow-headers"]).to.include("upload-offset");
    expect(answer.headers["access-control-expose-headers"]).to.include("upload-offset");
  });

  it("tell with HEAD where they stand, and until when", async () => {
    const path = await begin(100);
    await api.ask("PATCH", path, { key, headers: { ...PART, "upload-offset": 0 }, body: someBytes(40) });
    const { status, headers, bytes } = await api.ask("HEAD", path, { key, headers: VERSION });
    expect([status, bytes.length]).to.deep.equal([200, 0]);
    expect(headers).to.include({ "upload-offset": "40", "upload-length": "100", "cache-control": "no-store" });
    expect(headers["tus-resumable"]).to.equal("1.0.0");
    expect(Date.parse(String(headers["upload-expires"]))).to.be.greaterThan(Date.now());
  });

  it("refuse what the protocol does not have, with its statuses, and change nothing", async () => {
    const path = await begin(100);
    const bytes = someBytes(40);
    const refused = async (
      method: string,
      at: string,
      headers: Record<string, string | number>,
      [status, code]: [number, string],
      body: Uint8Array | undefined = bytes,
    ) => {
      const answer = await api.ask(method, at, { key, headers, ...(body === undefined ? {} : { body }) });
      expect([answer.status, answer.body?.code], `${method} ${JSON.stringify(headers)}`).to.deep.equal([status, code]);
      return answer;
    };
    const version = await refused("PATCH", path, { ...PART, "tus-resumable": "0.2.2" }, [412, "upload.version"]);
    expect(version.headers["tus-version"]).to.equal("1.0.0");
    await refused("PATCH", path, { ...VERSION, "content-type": "text/plain" }, [415, "request.media-type"]);
    await refused("PATCH", path, PART, [400, "request.invalid"]);
    for (const offset of ["-1", "1e2", "0x10", "9".repeat(17), "a", "1.5"]) {
      await refused("PATCH", path, { ...PART, "upload-offset": offset }, [400, "request.invalid"]);
    }
    await refused("PATCH", path, { ...PART, "upload-offset": 41 }, [409, "upload.offset-wrong"]);
    await refused("PATCH", path, { ...PART, "upload-offset": 0 }, [413, "upload.too-long"], someBytes(101));
    const checksum = `sha256 ${sha256(someBytes(41)).toString("base64")}`;
    const wrong = { ...PART, "upload-offset": 0, "upload-checksum": checksum };
    await refused("PATCH", path, wrong, [460, "upload.checksum-wrong"]);
    for (const text of ["crc32 AAAA", "sha256 AAAA", "sha256", `sha256 ${"A".repeat(43)}= more`]) {
      const headers = { ...PART, "upload-offset": 0, "upload-checksum": text };
      await refused("PATCH", path, headers, [400, "request.invalid"]);
    }
    const create = (headers: Record<string, string | number>, answer: [number, string]) =>
      refused("POST", "/v1/uploads", { ...VERSION, ...headers }, answer, new Uint8Array());
    await create({}, [400, "request.invalid"]);
    await create({ "upload-defer-length": 1 }, [400, "request.invalid"]);
    await create({ "upload-length": 0 }, [400, "request.invalid"]);
    await create({ "upload-length": 64 * MIB + 1 }, [413, "file.too-large"]);
    for (const metadata of [
      "name not-base64!",
      "name YQ==,name Yg==",
      "name YQ== Yg==",
      `sha256 ${btoa("12")}`,
      `filename ${btoa("../x")}`,
      `filename ${Buffer.from([0xff, 0xfe]).toString("base64")}`,
      `until ${btoa("1999-01-01")}`,
      `visibility ${btoa("everybody")}`,
    ]) {
      await create({ "upload-length": 10, "upload-metadata": metadata }, [400, "request.invalid"]);
    }
    const stranger = await api.key(`0x${"b2".repeat(20)}`);
    for (const method of ["HEAD", "PATCH", "DELETE"]) {
      const headers = { ...PART, "upload-offset": 0 };
      expect((await api.ask(method, path, { key: stranger, headers })).status, method).to.equal(404);
      expect((await api.ask(method, path, { headers })).status, method).to.equal(401);
    }
    expect((await api.ask("GET", path, { key })).body.received).to.equal(0);
  });

  it("are over when they are given up", async () => {
    const path = await begin(100);
    expect((await api.ask("DELETE", path, { key, headers: VERSION })).status).to.equal(204);
    expect((await api.ask("HEAD", path, { key, headers: VERSION })).status).to.equal(404);
    expect((await api.ask("DELETE", path, { key, headers: VERSION })).status).to.equal(404);
  });

  it("say of a file that is not what it should be that nothing was kept", async () => {
    const path = await begin(10, `sha256 ${btoa("ab".repeat(32))}`);
    const answer = await api.ask("PATCH", path, { key, headers: { ...PART, "upload-offset": 0 }, body: someBytes(10) });
    expect([answer.status, answer.body.code]).to.deep.equal([422, "upload.digest-differs"]);
    expect((await api.ask("HEAD", path, { key, headers: VERSION })).status).to.equal(404);
  });

  it("are answered when the disk is full in the middle, and gone on with when it is not", async () => {
    const bytes = someBytes(3 * MIB, 45);
    const staging = new Staging(folder.uploads, fullDisk(MIB));
    const full = await startFilesServer(db, await folder.open(db, { staging }));
    try {
      const path = await begin(bytes.length);
      const refused = await full.ask("PATCH", path, { key, headers: { ...PART, "upload-offset": 0 }, body: bytes });
      expect([refused.status, refused.body.code]).to.deep.equal([507, "store.full"]);
      await upload(bytes, { uploadUrl: `${api.url}${path}` });
      await sameBytes(bytes);
    } finally {
      await full.close();
    }
  });

  it("count for their owner alone when many are sent at a time", async () => {
    const busy = await api.key(`0x${"d4".repeat(20)}`);
    const begun = await api.ask("POST", "/v1/uploads", { key: busy, headers: { ...VERSION, "upload-length": 100 } });
    const path = String(begun.headers.location);
    const slow = Array.from({ length: 16 }, () => {
      const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
      socket.on("error", () => undefined);
      const head = [
        `POST /v1/files HTTP/1.1`,
        "Host: x",
        `Authorization: Bearer ${busy}`,
        "Content-Length: 1000",
        "",
        "",
      ];
      socket.write(head.join("\r\n"));
      return socket;
    });
    const arriving = async () => (await api.ask("GET", "/v1/uploads", { key: busy })).body.items.length;
    while ((await arriving()) < 17) await new Promise((resolve) => setTimeout(resolve, 5));
    const headers = { ...PART, "upload-offset": 0 };
    const mine = await api.ask("PATCH", path, { key: busy, headers, body: someBytes(10) });
    expect([mine.status, mine.body.code]).to.deep.equal([429, "request.rate-limited"]);
    const other = await api.key(`0x${"c3".repeat(20)}`);
    expect((await api.ask("POST", "/v1/files", { key: other, body: someBytes(10) })).status).to.equal(201);
    for (const socket of slow) socket.destroy();
    while ((await arriving()) > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await api.ask("PATCH", path, { key: busy, headers, body: someBytes(100) })).status).to.equal(204);
  });
});

/** A way to a port that breaks whenever so many bytes were sent over one connection. */
async function brokenLine(port: number, after: number) {
  let broken = 0;
  const server: Server = createServer();
  server.removeAllListeners("connection");
  server.on("connection", (socket) => {
    const onward = connect(port, "127.0.0.1");
    let sent = 0;
    socket.on("data", (bytes: Buffer) => {
      sent += bytes.length;
      onward.write(bytes);
      if (sent <= after) return;
      broken++;
      socket.destroy();
      onward.end();
    });
    onward.on("data", (bytes) => socket.write(bytes));
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    broken: () => broken,
    close: () => server.close(),
  };
}
