import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { expect } from "chai";
import { systemClock } from "../../src/core/clock.ts";
import { bytesToHex } from "../../src/core/hex.ts";
import type { Database } from "../../src/store/database.ts";
import { openMigrated } from "../store/migrated-database.ts";
import { type FilesServer, startFilesServer } from "./files-server.ts";
import { HostingFolder, someBytes } from "./hosting-parts.ts";

const MIB = 1_048_576;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const reprDigest = (bytes: Uint8Array) => `sha-256=:${sha256(bytes).toString("base64")}:`;
const ANN = `0x${"a1".repeat(20)}`;
const BEN = `0x${"b2".repeat(20)}`;

describe("files over HTTP", function () {
  this.timeout(60_000);
  let db: Database;
  let folder: HostingFolder<typeof systemClock>;
  let api: FilesServer;
  let ann: string;
  let ben: string;
  let operator: string;

  before(async () => {
    db = await openMigrated();
    folder = new HostingFolder(systemClock);
    api = await startFilesServer(db, await folder.open(db));
    [ann, ben] = [await api.key(ANN), await api.key(BEN)];
    operator = await api.key(null, "operator", ["*"]);
  });
  after(async () => {
    await api.close();
    folder.remove();
    await db.close();
  });

  const store = async (bytes: Uint8Array, query = "", key = ann) => {
    const answer = await api.ask("POST", `/v1/files${query}`, { key, body: bytes });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    return answer.body;
  };

  it("are stored in one request and given back with digest, size and name", async () => {
    const bytes = someBytes(MIB + 3, 20);
    const made = await store(bytes, "?name=合同 (1).pdf&mediaType=application/pdf&visibility=private");
    expect(made).to.include({ digest: bytesToHex(sha256(bytes)), size: bytes.length, name: "合同 (1).pdf" });
    expect(made).to.include({ mediaType: "application/pdf", visibility: "private", deleted: null });
    expect(made.address).to.equal(`https://brop.example/v1/files/${made.id}/content`);
    expect(made.addressDigest).to.equal(bytesToHex(sha256(Buffer.from(made.address))));
    const got = await api.ask("GET", `/v1/files/${made.id}/content`, { key: ann });
    expect(got.status).to.equal(200);
    expect(got.bytes.equals(bytes)).to.equal(true);
    expect(got.headers).to.include({ "repr-digest": reprDigest(bytes), "content-length": String(bytes.length) });
    expect(got.headers.etag).to.equal(`"${sha256(bytes).toString("hex")}"`);
    expect((await api.ask("GET", `/v1/files/${made.id}`, { key: ann })).body).to.deep.equal(made);
    const list = await api.ask("GET", `/v1/files?digest=${made.digest}`, { key: ann });
    expect(list.body.items).to.deep.equal([made]);
  });

  it("are known by their content: the same file again is the one that is there", async () => {
    const bytes = someBytes(1_000, 21);
    const first = await store(bytes, "?name=first");
    const again = await api.ask("POST", "/v1/files?name=second", { key: ann, body: bytes });
    expect(again.headers["brop-file"]).to.equal("known");
    expect(again.body).to.deep.equal(first);
    const path = `/v1/file-contents/${first.digest}`;
    expect((await api.ask("PUT", path, { key: ann, body: bytes })).body).to.deep.equal(first);
    const others = await api.ask("PUT", path, { key: ben, body: bytes });
    expect(others.headers["brop-file"]).to.equal("new");
    expect(others.body.id).to.not.equal(first.id);
  });

  it("are refused when they are not what the digest says, in each of its forms, and nothing is kept", async () => {
    const bytes = someBytes(500, 22);
    const wrong = sha256(Buffer.from("other")).toString("base64");
    const forms: Record<string, string>[] = [
      { "repr-digest": `sha-512=:${"A".repeat(86)}==:, sha-256=:${wrong}:` },
      { "content-digest": `sha-256=:${wrong}:` },
      { digest: `SHA-256=${wrong}` },
    ];
    for (const headers of forms) {
      const answer = await api.ask("POST", "/v1/files", { key: ann, body: bytes, headers });
      expect(answer.status).to.equal(422);
      expect(answer.body.code).to.equal("upload.digest-differs");
      expect(answer.body.digest).to.equal(bytesToHex(sha256(bytes)));
    }
    const put = await api.ask("PUT", `/v1/file-contents/0x${"12".repeat(32)}`, { key: ann, body: bytes });
    expect(put.body.code).to.equal("upload.digest-differs");
    const list = await api.ask("GET", `/v1/files?digest=${bytesToHex(sha256(bytes))}`, { key: ann });
    expect(list.body.items).to.deep.equal([]);
    expect((await api.ask("GET", "/v1/uploads", { key: ann })).body.items).to.deep.equal([]);
    const right = { "repr-digest": reprDigest(bytes) };
    expect((await api.ask("POST", "/v1/files", { key: ann, body: bytes, headers: right })).status).to.equal(201);
  });

  it("refuse digests that are none, and lengths that are none or absurd", async () => {
    const bytes = someBytes(10);
    const refused = async (headers: Record<string, string>, status = 400, code = "request.invalid") => {
      const answer = await api.ask("POST", "/v1/files", { key: ann, body: bytes, headers });
      expect([answer.status, answer.body.code], JSON.stringify(headers)).to.deep.equal([status, code]);
    };
    await refused({ "repr-digest": "sha-256=:AAAA:" });
    await refused({ "repr-digest": "md5=:AAAA:" });
    await refused({ "repr-digest": reprDigest(bytes), "content-digest": reprDigest(someBytes(11)) });
    const empty = await api.ask("POST", "/v1/files", { key: ann, body: new Uint8Array() });
    expect(empty.body.code).to.equal("request.invalid");
    const huge = await raw(`POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann}\r\n`, "99999999999");
    expect(huge).to.match(/^HTTP\/1.1 413 /);
    expect(huge).to.contain("file.too-large");
    const absurd = await raw(`POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann}\r\n`, "9".repeat(30));
    expect(absurd).to.match(/^HTTP\/1.1 4\d\d /);
    const chunked = await api.ask("POST", "/v1/files", { key: ann, headers: { "transfer-encoding": "chunked" } });
    expect(chunked.body).to.include({ code: "request.invalid", field: "content-length" });
  });

  /** What is answered to a head without its body. */
  const raw = (head: string, length: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(api.url).port), "127.0.0.1", () =>
        socket.write(`${head}Content-Length: ${length}\r\n\r\nsome bytes`),
      );
      socket.once("data", (bytes) => {
        resolve(bytes.toString());
        socket.destroy();
      });
      socket.once("error", reject);
    });

  it("keep nothing of a request that was cut off", async () => {
    const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(
      `POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann}\r\nContent-Length: 100000\r\n\r\n`,
    );
    socket.write(someBytes(50_000, 23));
    const uploads = async () => (await api.ask("GET", "/v1/uploads", { key: ann })).body.items;
    while ((await uploads()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    while ((await uploads()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("refuse names that are paths or hide what they are", async () => {
    for (const name of ["../../etc/passwd", "a/b", "a\\b", "..", "\u202efdp.exe", "a\u0007b", "x".repeat(256)]) {
      const query = `?name=${encodeURIComponent(name)}`;
      const answer = await fetch(`${api.url}/v1/files${query}`, {
        ...{ method: "POST", body: "content", headers: { authorization: `Bearer ${ann}` } },
      });
      expect(answer.status, name).to.equal(400);
    }
    for (const digest of ["..%2f..%2fetc%2fpasswd", "../secret", "0x12", `0x${"zz".repeat(32)}`]) {
      const answer = await fetch(`${api.url}/v1/file-contents/${digest}`);
      expect(answer.status, digest).to.be.oneOf([400, 404]);
    }
  });

  it("are given in ranges, each with its place, and only of the version that one has", async () => {
    const bytes = someBytes(2 * MIB + 100, 24);
    const { id } = await store(bytes);
    const path = `/v1/files/${id}/content`;
    const get = (headers: Record<string, string>) => api.ask("GET", path, { key: ann, headers });
    const size = bytes.length;
    for (const [range, from, to] of [
      ["bytes=0-0", 0, 1],
      ["bytes=1048575-1048576", MIB - 1, MIB + 1],
      ["bytes=2097152-", 2 * MIB, size],
      ["bytes=-50", size - 50, size],
      ["bytes=100-99999999999", 100, size],
      ["bytes=-99999999999", 0, size],
    ] as const) {
      const answer = await get({ range });
      expect(answer.status, range).to.equal(206);
      expect(answer.headers["content-range"], range).to.equal(`bytes ${from}-${to - 1}/${size}`);
      expect(answer.headers["repr-digest"]).to.equal(reprDigest(bytes));
      expect(answer.bytes.equals(bytes.subarray(from, to)), range).to.equal(true);
    }
    for (const range of [`bytes=${size}-`, "bytes=-0", "bytes=99999999999-"]) {
      const answer = await get({ range });
      expect([answer.status, answer.body.code], range).to.deep.equal([416, "file.range"]);
      expect(answer.headers["content-range"]).to.equal(`bytes */${size}`);
    }
    for (const range of ["bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=a-b", "bytes=-", "0-1"]) {
      expect((await get({ range })).status, range).to.equal(200);
    }
    const etag = `"${sha256(bytes).toString("hex")}"`;
    expect((await get({ range: "bytes=0-0", "if-range": etag })).status).to.equal(206);
    expect((await get({ range: "bytes=0-0", "if-range": '"other"' })).status).to.equal(200);
    expect((await get({ range: "bytes=0-0", "if-range": "Sat, 21 Nov 2026 00:00:00 GMT" })).status).to.equal(200);
    const known = await get({ "if-none-match": `"other", ${etag}` });
    expect([known.status, known.bytes.length]).to.deep.equal([304, 0]);
    const head = await api.ask("HEAD", path, { key: ann });
    expect([head.status, head.headers["content-length"]]).to.deep.equal([200, String(size)]);
    expect(head.headers["accept-ranges"]).to.equal("bytes");
  });

  it("are private unless their owner says otherwise, and only their owner changes or deletes them", async () => {
    const bytes = someBytes(300, 25);
    const { id, digest } = await store(bytes);
    const paths = [`/v1/files/${id}`, `/v1/files/${id}/content`, `/v1/file-contents/${digest}`];
    for (const path of paths) {
      expect((await api.ask("GET", path, { key: ann })).status, path).to.equal(200);
      for (const key of [undefined, ben, operator, await api.key(ANN, "partner", ["data"])]) {
        const answer = await api.ask("GET", path, key === undefined ? {} : { key });
        expect([answer.status, answer.body.code], path).to.deep.equal([404, "resource.not-found"]);
      }
    }
    const change = (key: string) =>
      api.ask("PATCH", `/v1/files/${id}`, {
        ...{ key, body: JSON.stringify({ visibility: "public" }), headers: { "content-type": "application/json" } },
      });
    expect((await change(ben)).status).to.equal(404);
    expect((await change(operator)).status).to.equal(404);
    expect((await api.ask("DELETE", `/v1/files/${id}`, { key: operator })).status).to.equal(404);
    expect((await change(ann)).body.visibility).to.equal("public");
    for (const path of paths) expect((await api.ask("GET", path)).status, path).to.equal(200);
  });

  it("never run on the platform's origin, whatever they are", async () => {
    const page = Buffer.from("<script>alert(document.domain)</script>");
    const { id } = await store(page, "?name=page.html&mediaType=text/html&visibility=public");
    const { headers } = await api.ask("GET", `/v1/files/${id}/content`);
    expect(headers["content-type"]).to.equal("application/octet-stream");
    expect(headers["x-content-type-options"]).to.equal("nosniff");
    expect(headers["content-security-policy"]).to.match(/^sandbox; default-src 'none'/);
    expect(headers["content-disposition"]).to.match(/^attachment; filename="page.html"; filename\*=UTF-8''page.html$/);
    const odd = await store(Buffer.from("odd"), `?name=${'a";b%C2%A9\u00e9.txt'}`);
    const disposition = (await api.ask("GET", `/v1/files/${odd.id}/content`, { key: ann })).headers[
      "content-disposition"
    ];
    expect(disposition).to.match(/^attachment; filename="[A-Za-z0-9 ._-]+"; filename\*=UTF-8''[A-Za-z0-9%._-]+$/);
  });

  it("are not given out with a byte that is wrong, nor from another place of a file that is", async () => {
    const bytes = someBytes(3 * MIB, 26);
    const { id, digest } = await store(bytes);
    const path = folder.pathOf(sha256(bytes));
    const changed = readFileSync(path);
    changed[2 * MIB + 7] = (changed[2 * MIB + 7] as number) ^ 1;
    writeFileSync(path, changed);
    // The damage lies behind what is right: the connection breaks before it.
    const broken = await api.ask("GET", `/v1/files/${id}/content`, { key: ann }).then(
      () => "whole",
      () => "broken",
    );
    expect(broken).to.equal("broken");
    const ranges = await api.ask("GET", `/v1/files/${id}/content`, { key: ann, headers: { range: "bytes=0-9" } });
    expect([ranges.status, ranges.body.code]).to.deep.equal([500, "store.damaged"]);
    const findings = await api.ask("GET", "/v1/file-findings", { key: operator });
    expect(findings.body.items[0]).to.include({ digest, fault: "content", position: 2 * MIB, foundBy: "download" });
    // The same file given again mends it.
    expect((await api.ask("POST", "/v1/files", { key: ben, body: bytes })).status).to.equal(201);
    const mended = await api.ask("GET", `/v1/files/${id}/content`, { key: ann });
    expect(mended.bytes.equals(bytes)).to.equal(true);
    expect((await api.ask("GET", "/v1/file-findings", { key: operator })).body.items).to.deep.equal([]);
  });

  it("are refused at once where the first bytes are wrong, or none are there", async () => {
    const bytes = someBytes(100, 27);
    const { id } = await store(bytes);
    writeFileSync(folder.pathOf(sha256(bytes)), someBytes(100, 28));
    const answer = await api.ask("GET", `/v1/files/${id}/content`, { key: ann });
    expect([answer.status, answer.body.code]).to.deep.equal([500, "store.damaged"]);
    expect(answer.bytes.includes(someBytes(100, 28).subarray(0, 16))).to.equal(false);
  });

  it("that are deleted tell when and by whom, for good, and give no bytes", async () => {
    const bytes = someBytes(400, 29);
    const { id } = await store(bytes, "?visibility=public");
    const deleted = await api.ask("DELETE", `/v1/files/${id}?reason=wish of the customer`, { key: ann });
    expect(deleted.status).to.equal(200);
    expect(deleted.body.deleted).to.include({ reason: "wish of the customer" });
    expect(deleted.body.deleted.by).to.match(/^[0-9a-f]{16}$/);
    const told = await api.ask("GET", `/v1/files/${id}`, { key: ann });
    expect(told.body).to.deep.equal(deleted.body);
    for (const key of [ann, ben]) {
      const gone = await api.ask("GET", `/v1/files/${id}/content`, { key });
      expect([gone.status, gone.body.code]).to.deep.equal([410, "file.deleted"]);
    }
    expect((await api.ask("DELETE", `/v1/files/${id}`, { key: ann })).body.code).to.equal("file.deleted");
    expect(() => readFileSync(folder.pathOf(sha256(bytes)))).to.throw("ENOENT");
    const list = await api.ask("GET", "/v1/files?deleted=true", { key: ann });
    expect(list.body.items.map((file: { id: string }) => file.id)).to.include(id);
  });

  it("tell their room and their usage to their owner, and to the operator those of everybody", async () => {
    const cid = `0x${"c3".repeat(20)}`;
    const key = await api.key(cid);
    const room = await api.ask("PUT", `/v1/file-quotas/${cid}`, {
      ...{ key: operator, body: '{"quota": 1000}', headers: { "content-type": "application/json" } },
    });
    expect(room.body).to.deep.equal({ tenant: cid, quota: 1_000, kept: 0, arriving: 0 });
    await store(someBytes(900, 30), "", key);
    const more = await api.ask("POST", "/v1/files", { key, body: someBytes(101, 31) });
    expect([more.status, more.body.code]).to.deep.equal([403, "file.quota-exceeded"]);
    expect((await api.ask("GET", "/v1/file-quota", { key })).body).to.include({ kept: 900, quota: 1_000 });
    for (const path of ["/v1/file-quota", "/v1/file-usage"]) {
      expect((await api.ask("GET", `${path}?tenant=${cid}`, { key: ann })).body.code).to.equal("access.forbidden");
      expect((await api.ask("GET", `${path}?tenant=${cid}`, { key: operator })).body.tenant).to.equal(cid);
    }
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const early = await api.ask("GET", `/v1/file-usage?to=${future}`, { key });
    expect(early.body).to.include({ code: "request.invalid", field: "to" });
  });
});
