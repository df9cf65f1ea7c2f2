import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { PROPERTIES } from "./properties.ts";

const TESTS = fileURLToPath(new URL("../", import.meta.url));
const text = readFileSync(new URL("./INVARIANTS.md", import.meta.url), "utf8");
const entries = text
  .split(/^- /m)
  .slice(1)
  .map((entry) => entry.replace(/\s+/g, " "));

const titles = PROPERTIES.map(({ title }) => title);

/** Where each entry says that it is checked. */
const checks = entries.map((entry) => {
  const [, file = "", title = ""] = /\((random runs|[\w./-]+): `(.+)`\)/.exec(entry) ?? [];
  return { entry, file, title };
});

describe("The catalogue of invariants", () => {
  it("has at least 40 properties, each with the check that stands for it", () => {
    expect(entries.length).to.be.at.least(40);
    for (const { entry, title } of checks) expect(title, entry).not.to.equal("");
  });

  it("names checks that exist", () => {
    for (const { file, title } of checks) {
      if (file === "random runs") expect(titles, title).to.include(title);
      else expect(readFileSync(TESTS + file, "utf8"), `${file}: ${title}`).to.include(title);
    }
  });

  it("leaves out no property of the random runs", () => {
    const named = new Set(checks.filter(({ file }) => file === "random runs").map(({ title }) => title));
    expect(titles.filter((title) => !named.has(title))).to.deep.equal([]);
  });
});
