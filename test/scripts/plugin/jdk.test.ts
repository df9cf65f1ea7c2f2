import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { findJdk } from "../../../scripts/plugin/jdk.ts";
import { temporaryTree } from "../temporary-tree.ts";

/** More than any JDK of this machine has. */
const FUTURE = 900;

describe("search for a JDK", () => {
  const tree = temporaryTree({
    "old/release": 'JAVA_VERSION="901.0.2"\n',
    "old/bin/javac": "",
    "new/release": 'IMPLEMENTOR="x"\nJAVA_VERSION="902"\n',
    "new/bin/javac": "",
    "runtime/release": 'JAVA_VERSION="903.1"\n',
    "runtime/bin/java": "",
    "unnamed/release": "nothing\n",
    "unnamed/bin/javac": "",
  });
  after(() => tree.remove());
  const home = (name: string) => join(tree.root, name);

  it("takes JAVA_HOME when it is new enough", () => {
    expect(findJdk(FUTURE, { JAVA_HOME: home("old") })).to.deep.equal({ home: home("old"), version: 901 });
  });

  it("takes the one on the path when that of JAVA_HOME is too old, through a link as well", () => {
    mkdirSync(home("links"));
    symlinkSync(join(home("new"), "bin/javac"), join(home("links"), "javac"));
    const found = findJdk(902, { JAVA_HOME: home("old"), PATH: home("links") });
    expect(found).to.deep.equal({ home: home("new"), version: 902 });
  });

  it("takes none that is too old, has no compiler or does not say its version", () => {
    expect(findJdk(902, { JAVA_HOME: home("old") })).to.equal(undefined);
    expect(findJdk(FUTURE, { JAVA_HOME: home("runtime") })).to.equal(undefined);
    expect(findJdk(FUTURE, { JAVA_HOME: home("unnamed") })).to.equal(undefined);
    expect(findJdk(FUTURE, {})).to.equal(undefined);
  });
});
