import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect } from "chai";
import { builtSite } from "./support/site.ts";

/** Bytes, compressed, that a browser loads before the front page is there. */
const FIRST_LOAD = 200_000;
/** Bytes of any part that comes later. */
const LATER_PART = 120_000;

describe("site: built files", function () {
  this.timeout(60_000);
  let folder: string;
  let files: string[];
  const read = (name: string) => readFileSync(join(folder, name));
  const size = (name: string) => statSync(join(folder, name)).size;

  before(async () => {
    folder = await builtSite();
    files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.\w+$/.test(name));
  });

  /** The document, what it names, and what those import at once. */
  function firstLoad(): Set<string> {
    const names = new Set(["index.html"]);
    for (const name of names) {
      const text = read(name).toString();
      const named = name.endsWith(".html")
        ? text.matchAll(/(?:src|href)="\/([^"]+)"/g)
        : text.matchAll(/\bimport\s*(?:[\w${},*\s]+from\s*)?"\.\/([^"]+)"/g);
      for (const [, path = ""] of named) names.add(name.endsWith(".html") ? path : join("assets", path));
    }
    return names;
  }

  it("load with less than 200 kB, compressed, at first", () => {
    const names = [...firstLoad()];
    expect(names.filter((name) => name.endsWith(".js"))).to.have.length.at.least(1);
    expect(names.filter((name) => name.endsWith(".css"))).to.have.length.at.least(1);
    const bytes = names.reduce(
      (sum, name) => sum + (files.includes(`${name}.gz`) ? size(`${name}.gz`) : size(name)),
      0,
    );
    expect(bytes).to.be.below(FIRST_LOAD);
  });

  it("hold the verifier of proof bundles, the codes and most pages in parts that come later", () => {
    const first = firstLoad();
    for (const part of ["bundle-report", "qr-code-image", "voucher", "certificate", "digest-worker"]) {
      const name = files.find((file) => file.startsWith(join("assets", `${part}-`)) && file.endsWith(".js"));
      expect(name, part).not.to.equal(undefined);
      expect(first.has(name as string), part).to.equal(false);
      expect(size(`${name}.gz`), part).to.be.below(LATER_PART);
    }
  });

  it("stand beside compressed forms of the same content", () => {
    const plain = files.filter((name) => /\.(js|css|html)$/.test(name));
    expect(plain.length).to.be.at.least(10);
    for (const name of plain) {
      // What is too small to gain by it has none.
      if (size(name) < 300) continue;
      expect(brotliDecompressSync(read(`${name}.br`)).equals(read(name)), name).to.equal(true);
      expect(gunzipSync(read(`${name}.gz`)).equals(read(name)), name).to.equal(true);
    }
  });

  it("name no other host to load anything from, and run nothing inline", () => {
    const html = read("index.html").toString();
    expect(html).not.to.match(/<script(?![^>]* src=)|<style|\son\w+=|style=/);
    for (const [, address = ""] of html.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).to.match(/^\/(?!\/)/);
    for (const name of files.filter((file) => file.endsWith(".css"))) {
      expect(read(name).toString()).not.to.match(/url\(|@import/);
    }
  });
});
