import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";

/** Waiting longer than this for one test means that it hangs. */
const TEST_TIMEOUT_MS = 30_000;
const ACCESS = "test/contracts/access/access.test.ts";

/** The tests that a folder's contracts are judged by: their own, and who may call what. */
function testsOf(folder: string): string[] {
  return [`test/contracts/${folder}/**/*.test.ts`, ACCESS];
}

/** A folder's tests, loaded once, to be run again and again over changing artifacts. */
export class Suite {
  readonly #mocha: Mocha;
  readonly #suites: readonly Mocha.Suite[];
  readonly #reset: () => Promise<unknown>;

  private constructor(mocha: Mocha, reset: () => Promise<unknown>) {
    this.#mocha = mocha;
    this.#suites = [...mocha.suite.suites];
    this.#reset = reset;
  }

  /** @param root the working copy, which is also the working folder */
  static async load(root: string, folder: string): Promise<Suite> {
    const mocha = new Mocha({ timeout: TEST_TIMEOUT_MS, reporter: Silent });
    mocha.cleanReferencesAfterRun(false);
    for (const file of globSync(testsOf(folder), { cwd: root }).sort()) mocha.addFile(join(root, file));
    await mocha.loadFilesAsync();
    const url = pathToFileURL(join(root, "test/contracts/support/fixtures.ts")).href;
    const { startFrom, emptyChain } = (await import(url)) as typeof import("../../test/contracts/support/fixtures.ts");
    return new Suite(mocha, () => startFrom(emptyChain));
  }

  /** Runs all of them. @returns those that failed, with the reason */
  async failing(): Promise<Map<Mocha.Test, string>> {
    return this.#run(false, this.#suites);
  }

  /** A test that fails without any change would kill every mutant. */
  leaveOut(tests: Iterable<Mocha.Test>): void {
    for (const test of tests) {
      const siblings = test.parent?.tests ?? [];
      siblings.splice(0, siblings.length, ...siblings.filter((other) => other !== test));
    }
  }

  /**
   * Runs the tests that are about the contract or one that stands on it, those in files of its name first, until one
   * fails.
   *
   * @param file the contract's file
   * @param contracts names of the contracts that stand on it, itself included
   * @returns the test that failed and why; undefined when all passed
   */
  async firstFailure(file: string, contracts: readonly string[]): Promise<string | undefined> {
    const suites = this.#suites
      .filter((suite) => !isAccess(suite) && (isOwn(suite, file) || contracts.some((name) => names(suite, name))))
      .sort((one, other) => Number(isOwn(other, file)) - Number(isOwn(one, file)));
    const access = this.#suites.filter(isAccess);
    const all = new Map(access.map((suite) => [suite, suite.tests]));
    for (const suite of access) suite.tests = suite.tests.filter(({ title }) => isAbout(title, contracts));
    try {
      const [first] = await this.#run(true, [...suites, ...access]);
      return first && `${first[0].fullTitle()}: ${first[1]}`;
    } finally {
      for (const [suite, tests] of all) suite.tests = tests;
    }
  }

  async #run(stopAtFirst: boolean, suites: readonly Mocha.Suite[]): Promise<Map<Mocha.Test, string>> {
    this.#mocha.suite.suites = [...suites];
    // What fixtures deployed belongs to other artifacts.
    await this.#reset();
    setBail(this.#mocha.suite, stopAtFirst);
    const failures = new Map<Mocha.Test, string>();
    await new Promise<void>((resolve) => {
      const runner = this.#mocha.run(() => resolve());
      runner.on("fail", (test, error: Error) => failures.set(test, error.message));
    });
    return failures;
  }
}

function isAccess({ file = "" }: Mocha.Suite): boolean {
  return file.endsWith(join("/", ACCESS));
}

function isAbout(title: string, contracts: readonly string[]): boolean {
  return contracts.some((name) => new RegExp(`\\b${name}\\b`).test(title));
}

/** Whether a test file names a contract, as `Orders` or `orders`. */
function names({ file = "" }: Mocha.Suite, name: string): boolean {
  const instance = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return new RegExp(`\\b(${name}|${instance})\\b`).test(readFileSync(file, "utf8"));
}

/** Whether a test file mirrors the contract's. */
function isOwn({ file = "" }: Mocha.Suite, contract: string): boolean {
  return basename(file).startsWith(basename(contract, ".sol"));
}

function setBail(suite: Mocha.Suite, bail: boolean): void {
  suite.bail(bail);
  for (const child of suite.suites) setBail(child, bail);
}

/** The worker's output is its verdicts. */
class Silent extends Mocha.reporters.Base {}
