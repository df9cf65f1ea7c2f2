/** A part that was broken on purpose: the simulation has to notice. */
export interface Mutant {
  /** Found within a few runs: tried with every test command, the others only in long runs. */
  readonly quick?: boolean;
  /** What is wrong with it. */
  readonly name: string;
  /** Source file, from the repository's root. */
  readonly file: string;
  /** Texts that stand in the file once, and what stands there instead. */
  readonly changes: readonly (readonly [find: string, replace: string])[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    quick: true,
    name: "the index's cursor moves before its rows, in a transaction of its own",
    file: "src/indexer/indexer.ts",
    changes: [
      [
        "await this.#db.transaction(async (tx) => {\n      await moveCursor(tx, this.#cursor.block, end);",
        "await moveCursor(this.#db, this.#cursor.block, end);\n    await this.#db.transaction(async (tx) => {",
      ],
    ],
  },
  {
    name: "a delivery is noted before the receiver was told",
    file: "src/push/sender.ts",
    changes: [
      [
        "const answer = await places.run(() => this.#post(subscription, event));",
        "await this.#note(subscription, row, { status: 200 });\n      const answer = await places.run(() => this.#post(subscription, event));",
      ],
    ],
  },
  {
    name: "the next event goes out though the one before was not taken",
    file: "src/push/sender.ts",
    changes: [
      [
        "if (wait !== undefined) return wait;\n    }",
        "if (wait !== undefined && answer.status === 410) return wait;\n    }",
      ],
    ],
  },
  {
    name: "events are matched in one transaction and their position is moved in another",
    file: "src/push/matching.ts",
    changes: [
      [
        "return db.transaction(async (tx) => {\n    const { block, revision } = await lockPushPosition(tx);",
        "await movePushPosition(db, await lastIndexedBlock(db));\n  return db.transaction(async (tx) => {\n    const { revision } = await lockPushPosition(tx);\n    const block = seen.block;",
      ],
    ],
  },
  {
    name: "a sender is not woken when its subscription's transaction failed",
    file: "src/push/push.ts",
    changes: [
      [
        "} finally {\n      // Also when the transaction fails: they are known from now on and will not be told as changed again.\n      for",
        "} finally {\n      if (Math.abs(1) === 2) for",
      ],
    ],
  },
  {
    name: "an operation is answered with its hash before it is stored",
    file: "src/access/bundler/intake.ts",
    changes: [["await this.#store(accepted);", "void this.#store(accepted).catch(() => undefined);"]],
  },
  {
    name: "an operation counts as expired a block too early",
    file: "src/access/bundler/follower.ts",
    changes: [
      [
        "entry.deadline !== undefined && entry.deadline <= block",
        "entry.deadline !== undefined && entry.deadline <= block + 2",
      ],
      ["entry.deadline > block) continue", "entry.deadline > block + 2) continue"],
    ],
  },
  {
    name: "ends of operations are not written with the position up to which they are known",
    file: "src/access/bundler/follower.ts",
    changes: [
      [
        "await finishPoolRows(tx, this.#relay, ends);",
        "if (to % 3 !== 0) await finishPoolRows(tx, this.#relay, ends);",
      ],
    ],
  },
  {
    name: "a stream goes on behind the block of its last event",
    file: "src/push/follow.ts",
    changes: [
      [
        "const { events, next } = await reader.read(position);",
        "const { events, next } = await reader.read(position.log < 3 ? position : { block: position.block, log: 1e9 });",
      ],
    ],
  },
];
