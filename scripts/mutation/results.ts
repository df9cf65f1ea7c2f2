import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Mutant } from "./mutants.ts";
import type { Verdict } from "./worker.ts";

/** Verdicts of earlier runs, so that an interrupted one goes on where it was. */
const FILE = "cache/mutation/verdicts.jsonl";

interface Line extends Verdict {
  /** Digest of everything that the verdict depends on besides the mutant. */
  readonly basis: string;
}

export class Results {
  readonly #path: string;
  readonly #basis: string;
  readonly #known = new Map<string, Line>();

  /** @param basis digest of contracts and tests: a verdict of another one may be another */
  constructor(root: string, basis: string) {
    this.#path = join(root, FILE);
    this.#basis = basis;
    mkdirSync(dirname(this.#path), { recursive: true });
    if (!existsSync(this.#path)) return;
    for (const line of readFileSync(this.#path, "utf8").split("\n")) {
      if (line === "") continue;
      const verdict = JSON.parse(line) as Line;
      this.#known.set(verdict.id, verdict);
    }
  }

  /** @param killedStaysKilled whether a kill counts although tests or other contracts have changed since */
  of({ id }: Mutant, killedStaysKilled: boolean): Verdict | undefined {
    const known = this.#known.get(id);
    if (known?.basis === this.#basis) return known;
    return killedStaysKilled && known?.state !== "survived" ? known : undefined;
  }

  add(verdict: Verdict): void {
    const line = { ...verdict, basis: this.#basis };
    this.#known.set(verdict.id, line);
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }
}
