import { globSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";

/** Waiting longer than this for one test means that it hangs. */
const TEST_TIMEOUT_MS = 30_000;

/** The tests that a folder's contracts are judged by: their own, and who may call what. */
function testsOf(folder: string): string[] {
  return [`test/contracts/${folder}/**/*.test.ts`, "test/contracts/access/*.test.ts"];
}

/** A folder's tests, loaded once, to be run again and again over changing artifacts. */
export class Suite {
  readonly #mocha: Mocha;
  readonly #reset: () => Promise<unknown>;

  private constructor(mocha: Mocha, reset: () => Promise<unknown>) {
    this.#mocha = mocha;
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
    return this.#run(false);
  }

  /** A test that fails without any change would kill every mutant. */
  leaveOut(tests: Iterable<Mocha.Test>): void {
    for (const test of tests) {
      const siblings = test.parent?.tests ?? [];
      siblings.splice(0, siblings.length, ...siblings.filter((other) => other !== test));
    }
  }

  /**
   * Runs the tests, those of the contract first, until one fails.
   *
   * @param file the contract's file
   * @returns the test that failed and why; undefined when all passed
   */
  async firstFailure(file: string): Promise<string | undefined> {
    const rank = rankFor(file);
    this.#mocha.suite.suites.sort((one, other) => rank(one.file ?? "") - rank(other.file ?? ""));
    const [first] = await this.#run(true);
    return first && `${first[0].fullTitle()}: ${first[1]}`;
  }

  async #run(stopAtFirst: boolean): Promise<Map<Mocha.Test, string>> {
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

function rankFor(file: string): (test: string) => number {
  const name = basename(file, ".sol").toLowerCase();
  const folder = join("test", dirname(file), "/");
  return (test) => {
    if (!test.includes(folder)) return 2;
    return basename(test).toLowerCase().startsWith(name) ? 0 : 1;
  };
}

function setBail(suite: Mocha.Suite, bail: boolean): void {
  suite.bail(bail);
  for (const child of suite.suites) setBail(child, bail);
}

/** The worker's output is its verdicts. */
class Silent extends Mocha.reporters.Base {}
