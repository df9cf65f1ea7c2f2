import { delimiter, join } from "node:path";
import { expect } from "chai";
import { readBesuHome } from "../../../scripts/plugin/besu-home.ts";
import { temporaryTree } from "../temporary-tree.ts";

describe("BESU_HOME", () => {
  const tree = temporaryTree({
    "besu/lib/besu-native-common-2.0.0.jar": "",
    "besu/lib/besu-plugin-api-26.8.0.jar": "",
    "besu/lib/notes.txt": "",
    "other/lib/picocli-4.7.7.jar": "",
    "empty/readme.txt": "",
  });
  after(() => tree.remove());

  it("gives Besu's own version and all jars", () => {
    const besu = readBesuHome(join(tree.root, "besu"));
    expect(besu.version).to.equal("26.8.0");
    const jars = besu.classPath.split(delimiter).map((jar) => jar.slice(tree.root.length + 1));
    expect(jars.sort()).to.deep.equal(["besu/lib/besu-native-common-2.0.0.jar", "besu/lib/besu-plugin-api-26.8.0.jar"]);
  });

  it("is refused with words when it is no unpacked Besu", () => {
    expect(() => readBesuHome(undefined)).to.throw("BESU_HOME is not set");
    expect(() => readBesuHome("")).to.throw("BESU_HOME is not set");
    expect(() => readBesuHome(join(tree.root, "empty"))).to.throw('it has no folder "lib"');
    expect(() => readBesuHome(join(tree.root, "other"))).to.throw("holds no jar of Besu");
  });
});
