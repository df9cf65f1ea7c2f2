import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { readBundle } from "../../../src/core/bundle/read-bundle.ts";
import { BUNDLE_SCHEMA } from "../../../src/core/bundle/schema.ts";
import { parseStrict } from "../../../src/core/canonical-json.ts";
import { vectorFiles } from "../../support/bundles/vector-files.ts";

const FOLDER = join(import.meta.dirname, "../../vectors/bundles");

describe("The published test vectors of proof bundles", function () {
  this.timeout(120_000);

  it("are those that the code makes: `node test/vectors/generate.ts` writes them", async () => {
    const made = await vectorFiles();
    const found = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "README.md")
      .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)));
    expect(found.sort()).to.deep.equal([...made.keys()].sort());
    for (const [path, bytes] of made) {
      expect(readFileSync(join(FOLDER, path)).equals(bytes), path).to.equal(true);
    }
  });

  it("fit the JSON Schema for a validator of the whole standard exactly where they fit it for BROP", () => {
    const validate = new Ajv2020({ strict: false }).compile(BUNDLE_SCHEMA);
    const files = readdirSync(join(FOLDER, "files")).map(
      (name) => [name, readFileSync(join(FOLDER, "files", name))] as const,
    );
    let judged = 0;
    for (const [name, bytes] of files) {
      let value: unknown;
      try {
        value = parseStrict(bytes);
      } catch {
        continue;
      }
      // JSON Schema only notes how a text is encoded.
      if (name.startsWith("form-base64")) continue;
      judged++;
      let isRead = true;
      try {
        readBundle(bytes);
      } catch {
        isRead = false;
      }
      expect(validate(value), name).to.equal(isRead);
    }
    expect(judged).to.be.greaterThan(150);
  });
});
