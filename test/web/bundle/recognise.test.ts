import { expect } from "chai";
import { recognise } from "../../../src/web/bundle/recognise.ts";

const file = (name: string, content: BlobPart | BlobPart[]) => new File([content].flat(), name);

describe("web: recognising files that are not looked up", () => {
  it("knows a proof bundle by how it names itself", async () => {
    const found = await recognise(file("proof.JSON", '{"format":"brop-proof-bundle","version":1'));
    expect(found?.kind).to.equal("bundle");
  });

  it("reads no more of a bundle than tells that it is too large", async () => {
    const piece = new Blob([new Uint8Array(1024 * 1024)]);
    const found = await recognise(file("huge.json", ['{"format":"brop-proof-bundle"', ...Array(40).fill(piece)]));
    expect(found?.kind === "bundle" && found.bytes.length).to.equal(16 * 1024 * 1024 + 1);
  });

  it("knows genesis files and checkpoints", async () => {
    for (const content of ['{"config":{"chainId":8420,"qbft":{}}}', '{"checkpoint":{"chainId":1}}']) {
      expect((await recognise(file("start.json", content)))?.kind, content).to.equal("trust");
    }
  });

  it("leaves every other file alone", async () => {
    for (const [name, content] of [
      ["proof.txt", '{"format":"brop-proof-bundle"}'],
      ["list.json", "[]"],
      ["null.json", "null"],
      ["text.json", '"checkpoint"'],
      ["odd.json", '{"checkpoint":null,"config":null}'],
      ["words.json", '{"config":{"chainId":"8420"}}'],
      ["broken.json", "{"],
      ["empty.json", ""],
    ] as const) {
      expect(await recognise(file(name, content)), name).to.equal(undefined);
    }
  });
});
