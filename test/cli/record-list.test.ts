import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type ListedRecord, readRecordList } from "../../src/cli/record-list.ts";
import type { BropError } from "../../src/core/errors.ts";

describe("Lists of records", () => {
  const folder = mkdtempSync(join(tmpdir(), "brop-list-"));
  const path = join(folder, "list.txt");
  after(() => rmSync(folder, { recursive: true }));

  async function read(text: string | Uint8Array): Promise<ListedRecord[]> {
    writeFileSync(path, text);
    const records: ListedRecord[] = [];
    for await (const record of readRecordList(path, { algorithm: "sm3-256", kind: 7 })) records.push(record);
    return records;
  }
  const faultOf = async (text: string | Uint8Array) => {
    const error: BropError = await read(text).then(
      () => expect.fail(`${text} was read`),
      (thrown) => thrown,
    );
    return [error.code, error.details.line, error.details.field];
  };
  const digits = (digit: string) => digit.repeat(64);

  it("hold digests as sha256sum prints them, bare ones, and records with all their members", async () => {
    const json = `{"digest":"0x${digits("d")}","algorithm":"sha3-256","businessKey":"order 7","subject":"tea"}`;
    const lines = [`${digits("A")}  tea/lot 1.pdf`, `${digits("b")} *lot.bin`, "", `0x${digits("c")}`, json];
    expect(await read(`${lines.join("\r\n")}\n`)).to.deep.equal([
      { description: { digest: `0x${digits("a")}`, algorithm: "sm3-256", kind: 7 }, name: "tea/lot 1.pdf" },
      { description: { digest: `0x${digits("b")}`, algorithm: "sm3-256", kind: 7 }, name: "lot.bin" },
      { description: { digest: `0x${digits("c")}`, algorithm: "sm3-256", kind: 7 }, name: "line 4" },
      {
        description: {
          ...{ digest: `0x${digits("d")}`, algorithm: "sha3-256", kind: 7 },
          ...{ businessKey: "order 7", subject: "tea" },
        },
        name: "line 5",
      },
    ]);
    expect(await read("")).to.deep.equal([]);
  });

  it("are refused at the first line that is no record", async () => {
    const digest = `"digest":"0x${digits("d")}"`;
    for (const [line, field] of [
      [digits("a").slice(1), undefined],
      [`${digits("a")}0`, undefined],
      [`${digits("a")}lot.pdf`, undefined],
      ["{", undefined],
      ["{}", "digest"],
      ['{"digest":7}', "digest"],
      [`{"digest":"${digits("d")}"}`, "digest"],
      [`{${digest},"kind":-1}`, "kind"],
      [`{${digest},"kind":"1"}`, "kind"],
      [`{${digest},"colour":"red"}`, "colour"],
      [`{${digest},"subject":"${"x".repeat(32)}"}`, "subject"],
      [`{${digest},"businessKey":""}`, "businessKey"],
      [`{${digest},${digest}}`, undefined],
    ] as const) {
      expect(await faultOf(`${digits("a")}\n\n${line}\n`), line).to.deep.equal(["request.invalid", 3, field]);
    }
    expect((await faultOf(new Uint8Array([0x7b, 0x22, 0xff])))[1]).to.equal(1);
  });

  it("are refused when there is no such file", async () => {
    const none = readRecordList(join(folder, "none.txt"), { algorithm: "sha2-256", kind: 0 });
    const error = await none.next().catch((thrown: unknown) => thrown);
    expect((error as NodeJS.ErrnoException).code).to.equal("ENOENT");
  });
});
