import type { Clock } from "../core/clock.ts";
import { BropError } from "../core/errors.ts";

/** Milliseconds without a byte after which somebody else may take an upload over: its connection is likely dead. */
const SILENCE = 5_000;

/** A request that is sending to an upload. */
export class Writer {
  readonly #clock: Pick<Clock, "now">;
  readonly #stop: () => void;
  #heardAt: number;
  #isEnding = false;
  #leave: () => void = () => undefined;
  /** Resolves when it has left. */
  readonly left: Promise<void>;

  constructor(clock: Pick<Clock, "now">, stop: () => void) {
    this.#clock = clock;
    this.#stop = stop;
    this.#heardAt = clock.now();
    this.left = new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  /** A byte came. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  get isSilent(): boolean {
    return this.#clock.now() - this.#heardAt >= SILENCE;
  }

  /** Nothing more comes; what came is being brought into safety. */
  ending(): void {
    this.#isEnding = true;
  }

  get isEnding(): boolean {
    return this.#isEnding;
  }

  stop(): void {
    this.#stop();
  }

  leave(): void {
    this.#leave();
  }
}

/** Lets one request at a time work on an upload. */
export class Writers {
  readonly #clock: Pick<Clock, "now">;
  readonly #writers = new Map<string, Writer>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /**
   * Works on an upload, alone. Whoever is about to leave is waited for.
   *
   * @param stop called when another takes over from one that has been silent
   * @throws BropError `upload.busy`
   */
  async alone<Result>(
    upload: string,
    stop: () => void,
    work: (writer: Writer) => Promise<Result>,
    { urgent = false } = {},
  ): Promise<Result> {
    for (let other = this.#writers.get(upload); other !== undefined; other = this.#writers.get(upload)) {
      if (!other.isEnding) {
        if (!urgent && !other.isSilent) throw new BropError("upload.busy", { upload, retryAfter: 2 });
        other.stop();
      }
      await other.left;
    }
    const writer = new Writer(this.#clock, stop);
    this.#writers.set(upload, writer);
    try {
      return await work(writer);
    } finally {
      this.#writers.delete(upload);
      writer.leave();
    }
  }

  /** Ends all requests, and waits until what they brought is written down. */
  async stop(): Promise<void> {
    const writers = [...this.#writers.values()];
    for (const writer of writers) writer.stop();
    await Promise.all(writers.map(({ left }) => left));
  }
}
