import { createHash } from "node:crypto";
import { Decrypter, Encrypter } from "age-encryption";
import { expect } from "chai";
import { systemClock } from "../../src/core/clock.ts";
import { BropError } from "../../src/core/errors.ts";
import { createFileKey } from "../../src/sdk/files/encryption.ts";
import { Files } from "../../src/sdk/files/files.ts";
import type { Database } from "../../src/store/database.ts";
import { type FilesServer, startFilesServer } from "../hosting/files-server.ts";
import { HostingFolder, someBytes } from "../hosting/hosting-parts.ts";
import { openMigrated } from "../store/migrated-database.ts";

const MIB = 1_048_576;
const digestOf = (bytes: Uint8Array) => `0x${createHash("sha256").update(bytes).digest("hex")}`;
const bytesOf = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer());
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error: unknown) => BropError.from(error).code,
  );

describe("files by the SDK", function () {
  this.timeout(60_000);
  let db: Database;
  let folder: HostingFolder<typeof systemClock>;
  let api: FilesServer;
  let key: string;
  let files: Files;

  before(async () => {
    db = await openMigrated();
    folder = new HostingFolder(systemClock);
    api = await startFilesServer(db, await folder.open(db));
    key = await api.key(`0x${"a1".repeat(20)}`);
    files = new Files({ url: api.url, key });
  });
  after(async () => {
    await api.close();
    folder.remove();
    await db.close();
  });

  it("are stored, told, listed, fetched, counted and deleted", async () => {
    const bytes = someBytes(2 * MIB + 7, 60);
    const shown: number[] = [];
    const options = {
      name: "tea.bin",
      visibility: "public",
      part: MIB,
      onProgress: (sent: number) => shown.push(sent),
    } as const;
    const file = await files.put(new Blob([bytes]), options);
    expect(file).to.include({ digest: digestOf(bytes), size: bytes.length, name: "tea.bin", visibility: "public" });
    expect(shown).to.deep.equal([MIB, 2 * MIB, bytes.length]);
    expect(await files.info(file.id)).to.deep.equal(file);
    expect((await bytesOf(await files.get(file.id))).equals(bytes)).to.equal(true);
    expect((await bytesOf(await new Files({ url: api.url }).get(file.id))).equals(bytes)).to.equal(true);
    expect(await codeOf(files.get(file.id, { digest: digestOf(someBytes(1)) }).then(bytesOf))).to.equal(
      "store.damaged",
    );
    const names: string[] = [];
    for await (const { name } of files.list()) names.push(name);
    expect(names).to.deep.equal(["tea.bin"]);
    expect((await files.usage()).tenant).to.equal(`0x${"a1".repeat(20)}`);
    expect((await files.remove(file.id, "over")).deleted?.reason).to.equal("over");
    expect(await codeOf(files.get(file.id))).to.equal("file.deleted");
  });

  it("are encrypted before they are sent, for several, in age's own format", async () => {
    const [ann, ben, eve] = await Promise.all([createFileKey(), createFileKey(), createFileKey()]);
    const bytes = someBytes(MIB + 11, 61);
    const file = await files.put(new Blob([bytes]), { encryptTo: [ann.recipient, ben.recipient] });
    const kept = await bytesOf(await files.get(file.id));
    expect(kept.subarray(0, 21).toString()).to.equal("age-encryption.org/v1");
    expect(kept.includes(bytes.subarray(0, 64))).to.equal(false);
    expect(digestOf(kept)).to.equal(file.digest);
    for (const { identity } of [ann, ben]) {
      expect((await bytesOf(await files.get(file.id, { identities: [identity] }))).equals(bytes)).to.equal(true);
      const age = new Decrypter();
      age.addIdentity(identity);
      expect(Buffer.from(await age.decrypt(new Uint8Array(kept))).equals(bytes)).to.equal(true);
    }
    expect(await codeOf(files.get(file.id, { identities: [eve.identity] }))).to.equal("file.wrong-key");
    expect(await codeOf(files.get(file.id, { identities: ["AGE-SECRET-KEY-1NONE"] }))).to.equal("request.invalid");
    expect(await codeOf(files.put(new Blob([bytes]), { encryptTo: ["age1none"] }))).to.equal("request.invalid");
  });

  it("that age encrypted elsewhere are opened; one that was changed or cut is not", async () => {
    const { identity, recipient } = await createFileKey();
    const age = new Encrypter();
    age.addRecipient(recipient);
    const plain = someBytes(300_000, 62);
    const encrypted = Buffer.from(await age.encrypt(new Uint8Array(plain)));
    const open = async (bytes: Buffer<ArrayBuffer>) => {
      const { id } = await files.put(new Blob([bytes]));
      return bytesOf(await files.get(id, { identities: [identity] }));
    };
    expect((await open(encrypted)).equals(plain)).to.equal(true);
    const changed = Buffer.from(encrypted);
    changed[200_000] = (changed[200_000] as number) ^ 1;
    for (const broken of [changed, encrypted.subarray(0, 262_144), encrypted.subarray(0, 50)]) {
      const opened = await open(broken).then(
        () => "opened",
        () => "refused",
      );
      expect(opened).to.equal("refused");
    }
  });

  it("go on where a part or its answer was lost", async () => {
    const bytes = someBytes(3 * MIB, 63);
    let count = 0;
    const losing: typeof fetch = async (input, init) => {
      if (init?.method !== "PATCH") return fetch(input, init);
      count++;
      if (count === 2) throw new TypeError("fetch failed");
      const answer = await fetch(input, init);
      if (count === 4) throw new TypeError("the answer was lost");
      return answer;
    };
    const file = await new Files({ url: api.url, key, fetch: losing }).put(new Blob([bytes]), { part: MIB });
    expect(file.digest).to.equal(digestOf(bytes));
  });

  it("go on with an upload that another run left, when the digest is known", async () => {
    const bytes = someBytes(3 * MIB + 1, 64);
    let sent = 0;
    const dying: typeof fetch = (input, init) => {
      if (init?.method !== "PATCH" || ++sent === 1) return fetch(input, init);
      return Promise.resolve(Response.json(new BropError("access.forbidden").toProblem(), { status: 403 }));
    };
    const options = { part: MIB, digest: digestOf(bytes) };
    const first = new Files({ url: api.url, key, fetch: dying }).put(new Blob([bytes]), options);
    expect(await codeOf(first)).to.equal("access.forbidden");
    const counted: string[] = [];
    const counting: typeof fetch = (input, init) => {
      if (init?.method === "PATCH") counted.push(new Headers(init.headers).get("upload-offset") ?? "");
      return fetch(input, init);
    };
    const file = await new Files({ url: api.url, key, fetch: counting }).put(new Blob([bytes]), options);
    expect(file.digest).to.equal(digestOf(bytes));
    expect(counted).to.deep.equal([String(MIB), String(2 * MIB), String(3 * MIB)]);
  });

  it("are not believed when the platform gives other bytes than it says", async () => {
    const bytes = someBytes(1_000, 65);
    const { id, digest } = await files.put(new Blob([bytes]));
    const lying: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      return String(input).endsWith("/content") ? new Response(new Uint8Array(someBytes(1_000, 66))) : answer;
    };
    const got = new Files({ url: api.url, key, fetch: lying }).get(id).then(bytesOf);
    expect(await codeOf(got)).to.equal("store.damaged");
    expect((await files.info(id)).digest).to.equal(digest);
  });
});
