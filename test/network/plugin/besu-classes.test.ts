import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readBesuHome } from "../../../scripts/plugin/besu-home.ts";
import { findJdk } from "../../../scripts/plugin/jdk.ts";
import { PLUGIN_FOLDER } from "../../../scripts/plugin/maven.ts";

const FROM_BESU =
  /\b(?:org\.hyperledger\.besu|org\.apache\.tuweni|org\.slf4j|picocli)(?:\.[a-z]\w*)*\.[A-Z]\w*(?=[.;\s(])/g;

function javaFiles(folder: string): string[] {
  return globSync(`${folder}/**/*.java`, { cwd: PLUGIN_FOLDER }).map((path) =>
    readFileSync(join(PLUGIN_FOLDER, path), "utf8"),
  );
}

function usedClasses(folder: string): string[] {
  return [...new Set(javaFiles(folder).flatMap((text) => text.match(FROM_BESU) ?? []))].sort();
}

const listed = readFileSync(join(PLUGIN_FOLDER, "besu-classes.txt"), "utf8").trim().split("\n");

describe("classes of Besu that the plugin uses", () => {
  it("are all named in besu-classes.txt", () => {
    expect(usedClasses("src/besu/java")).to.deep.equal(listed);
  });

  it("are used by the adapters only: the rules know nothing of Besu", () => {
    expect(usedClasses("src/main/java")).to.deep.equal([]);
  });

  it("are in the Besu that BESU_HOME names", function () {
    const jdk = findJdk(25);
    if (!process.env.BESU_HOME || !jdk) {
      console.log("      BESU_HOME or a JDK 25 is missing: not compared with Besu's jars");
      this.skip();
    }
    const { classPath } = readBesuHome(process.env.BESU_HOME);
    const javap = join(jdk.home, "bin", "javap");
    const { stdout, stderr } = spawnSync(javap, ["-cp", classPath, ...listed], { encoding: "utf8" });
    expect(`${stdout}${stderr}`.match(/class not found: .*/g)).to.equal(null);
    expect(stdout.match(/^Compiled from/gm)).to.have.lengthOf(listed.length);
  });
});
