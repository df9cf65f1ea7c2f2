import type { Colors } from "picocolors/types.js";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_TIME = 100;
const CLEAR_LINE = "\r\u001b[K";
const BAR_WIDTH = 24;

/** What is needed of a terminal or a file. */
export interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/**
 * Says what is being done, for people: a line for each step that is done, and on a terminal a moving last line with
 * the steps under way. Several steps may run at once.
 */
export class Progress {
  readonly #output: Output;
  readonly paint: Colors;
  readonly #running = new Map<symbol, string>();
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(output: Output, paint: Colors) {
    this.#output = output;
    this.paint = paint;
  }

  /** A line of its own. */
  line(text = ""): void {
    this.#clear();
    this.#output.write(`${text}\n`);
  }

  /** Something that is no step. */
  note(text: string): void {
    this.line(`  ${this.paint.dim("·")} ${text}`);
  }

  /** Headline of an act. */
  act(title: string): void {
    this.line();
    this.line(this.paint.bold(title));
  }

  /** Does a step, and says so when it is done. `show` changes what is said while it is under way. */
  async step<Result>(title: string, work: (show: (text: string) => void) => Promise<Result>): Promise<Result> {
    const began = performance.now();
    const id = Symbol(title);
    this.#start(id, title);
    try {
      const result = await work((text) => this.#running.set(id, `${title} ${text}`));
      this.#end(id);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      this.line(`  ${this.paint.green("✓")} ${title} ${this.paint.dim(`(${seconds} s)`)}`);
      return result;
    } catch (error) {
      this.#end(id);
      this.line(`  ${this.paint.red("✗")} ${title}`);
      throw error;
    }
  }

  #start(id: symbol, title: string): void {
    this.#running.set(id, title);
    if (!this.#output.isTTY || this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#draw(), FRAME_TIME);
    this.#draw();
  }

  #end(id: symbol): void {
    this.#running.delete(id);
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    const frame = FRAMES[this.#frame++ % FRAMES.length];
    const [first = "", ...others] = this.#running.values();
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    // One character less than the terminal is wide: no line break.
    const text = `${first}${more}`.slice(0, (this.#output.columns || 80) - 5);
    this.#output.write(`${CLEAR_LINE}  ${frame} ${text}`);
  }

  #clear(): void {
    if (this.#output.isTTY) this.#output.write(CLEAR_LINE);
  }
}

/** How far something is: `[██████░░░░]  62 %  68 of 111 MB`. */
export function bar(done: number, total: number): string {
  const part = total === 0 ? 1 : done / total;
  const full = Math.round(part * BAR_WIDTH);
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(0);
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  return `[${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}] ${percent} %  ${megabytes(done)} of ${megabytes(total)} MB`;
}
