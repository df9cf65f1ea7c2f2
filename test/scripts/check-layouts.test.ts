import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { GENESIS_PROXIES, nameOf, PLAN } from "../../scripts/deployment/plan.ts";
import { compiledLayouts } from "../../scripts/layouts/compiled.ts";
import { judgeLayouts } from "../../scripts/layouts/judge.ts";
import type { Layouts } from "../../scripts/layouts/layout.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

describe("The check of storage layouts", () => {
  const compiled = compiledLayouts();
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "brop-layouts-"));
    file = join(folder, "storage-layouts.json");
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function changed(change: (layouts: Layouts) => void): Layouts {
    const layouts = structuredClone(compiled);
    change(layouts);
    return layouts;
  }

  function run(committed: Layouts, ...options: string[]) {
    writeFileSync(file, JSON.stringify(committed));
    const { status, stderr } = spawnSync(process.execPath, ["scripts/check-layouts.ts", "--file", file, ...options], {
      cwd: ROOT,
      encoding: "utf8",
    });
    return { status, words: stderr.trim().split("\n"), written: JSON.parse(readFileSync(file, "utf8")) as Layouts };
  }

  it("looks at every contract behind a proxy, those of the genesis allocation included, and at no other", () => {
    const proxied = [...PLAN, ...GENESIS_PROXIES].filter((contract) => contract.proxied).map(nameOf);
    expect(proxied).to.include.members(["KeyResets", "VoucherFactory", "Redemptions", "Settlements", "Council"]);
    expect(Object.keys(compiled)).to.have.members(proxied);
    const committed = readFileSync(join(ROOT, "contracts/storage-layouts.json"), "utf8");
    expect(Object.keys(JSON.parse(committed))).to.have.members(proxied);
  });

  it("passes where nothing changed", () => {
    expect(run(compiled)).to.deep.include({ status: 0, words: [""] });
  });

  it("fails with words where something clashes, and then writes nothing", () => {
    const before = changed(({ Records }) => {
      Records?.storage.splice(1, 1);
      Records?.storage.push({ slot: 900, offset: 0, label: "_lost", type: "bool" });
    });
    for (const options of [[], ["--write"]]) {
      const { status, words, written } = run(before, ...options);
      expect(status).to.equal(1);
      expect(words).to.include("Records: _lost (slot 900, bool) is gone");
      expect(words.join()).to.match(/Records: _\w+ was put in at slot 1: new ones go to the end/);
      expect(written).to.deep.equal(before);
    }
  });

  it("fails where storage grew, until that is written down", () => {
    const before = changed((layouts) => {
      layouts.Records?.storage.pop();
      delete layouts.Quota;
    });
    const words = ["Records", "Quota"].map(
      (name) => `${name}: its storage is new or grew; \`npm run layouts\` writes that down`,
    );
    expect(run(before)).to.deep.include({ status: 1, words });
    expect(run(before, "--write")).to.deep.include({ status: 0, written: compiled });
  });

  it("takes any layout of a contract that no network runs yet, if told so", () => {
    const before = changed(({ Records, Quota }) => {
      Records?.storage.shift();
      Quota?.storage.push({ slot: 900, offset: 0, label: "_lost", type: "bool" });
    });
    const { status, words } = run(before, "--write", "--fresh", "Records");
    expect({ status, words }).to.deep.equal({ status: 1, words: ["Quota: _lost (slot 900, bool) is gone"] });
    expect(run(before, "--write", "--fresh", "Records", "--fresh", "Quota").written).to.deep.equal(compiled);
  });

  it("refuses a contract that is gone", () => {
    const before = { ...compiled, Gone: { storage: [], types: {} } };
    expect(judgeLayouts(before, compiled).clashes).to.deep.equal(["Gone: the contract is gone"]);
  });

  it("never takes other places of what validators read, whatever is committed", () => {
    const after = changed(({ Admission }) => {
      const [senders, period] = Admission?.storage ?? [];
      Object.assign(senders ?? {}, { slot: 1 });
      Object.assign(period ?? {}, { slot: 0 });
    });
    expect(judgeLayouts(after, after, ["Admission"])).to.deep.equal({
      clashes: [
        "Admission: read by validators: _senders moved from slot 0 to slot 1",
        "Admission: read by validators: _period moved from slot 1 to slot 0",
      ],
      outdated: [],
    });
    const kinds = changed(({ Admission }) => Admission?.types["enum IAdmission.Kind"]?.values?.reverse());
    expect(judgeLayouts(kinds, kinds, ["Admission"]).clashes.length).to.be.greaterThan(0);
  });
});
