import colours from "picocolors";

/** Where the platform says what it does. */
export interface Report {
  /**
   * One step of the start: shown while it runs, and with its time when it is done.
   * @param progress how far it is, asked for again and again; a terminal shows it behind the title
   */
  step<Result>(title: string, work: () => Promise<Result>, progress?: () => string): Promise<Result>;
  /** Something that the reader should know. */
  note(text: string): void;
}

/** What a report needs of a terminal or file. */
export interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_TIME = 80;
const CLEAR_LINE = "\r\u001b[K";

/** For people: a spinner on a terminal, one plain line a finished step elsewhere. */
export function reportTo(output: Output): Report {
  const paint = colours.createColors(output.isTTY === true && colours.isColorSupported);
  const live = output.isTTY === true;
  return {
    async step(title, work, progress = () => "") {
      const began = performance.now();
      const stop = live ? spin(output, title, progress) : () => undefined;
      try {
        const result = await work();
        stop();
        const seconds = ((performance.now() - began) / 1000).toFixed(1);
        output.write(`${paint.green("✓")} ${title} ${paint.dim(`(${seconds} s)`)}\n`);
        return result;
      } catch (error) {
        stop();
        output.write(`${paint.red("✗")} ${title}\n`);
        throw error;
      }
    },
    note(text) {
      output.write(`${paint.yellow("!")} ${text}\n`);
    },
  };
}

function spin(output: Output, title: string, progress: () => string): () => void {
  let frame = 0;
  const draw = () => {
    output.write(`${CLEAR_LINE}${FRAMES[frame++ % FRAMES.length]} ${title}${progress()}`);
  };
  draw();
  const timer = setInterval(draw, FRAME_TIME);
  return () => {
    clearInterval(timer);
    output.write(CLEAR_LINE);
  };
}
