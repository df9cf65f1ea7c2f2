import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { PROPERTIES } from "./properties.ts";

const TESTS = fileURLToPath(new URL("../", import.meta.url));
const titles = PROPERTIES.map(({ title }) => title);

/** The entries of a list, each with the checks that it names. */
function readList(name: string) {
  const text = readFileSync(new URL(`./${name}`, import.meta.url), "utf8");
  const entries = text.split(/^- /m).slice(1);
  return entries.map((entry) => {
    const line = entry.replace(/\s+/g, " ");
    const checks = line.matchAll(/\((random runs|[\w./-]+): `(.+?)`\)/g);
    return { entry: line, checks: [...checks].map(([, file = "", title = ""]) => ({ file, title })) };
  });
}

const invariants = readList("INVARIANTS.md");
const attacks = readList("ATTACKS.md");

describe("The catalogue of invariants", () => {
  it("has at least 40 properties, each with the check that stands for it", () => {
    expect(invariants.length).to.be.at.least(40);
    for (const { entry, checks } of invariants) expect(checks, entry).to.have.length(1);
  });

  it("leaves out no property of the random runs", () => {
    const named = new Set(invariants.flatMap(({ checks }) => checks).map(({ title }) => title));
    expect(titles.filter((title) => !named.has(title))).to.deep.equal([]);
  });
});

describe("The list of attacks", () => {
  it("has at least one test for each", () => {
    for (const { entry, checks } of attacks) expect(checks.length, entry).to.be.greaterThan(0);
  });
});

describe("Both lists", () => {
  it("name checks that exist", () => {
    for (const { file, title } of [...invariants, ...attacks].flatMap(({ checks }) => checks)) {
      if (file === "random runs") expect(titles, title).to.include(title);
      else expect(readFileSync(TESTS + file, "utf8"), `${file}: ${title}`).to.include(title);
    }
  });
});
