import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a program of `examples/` ended. */
export interface Ended {
  code: number;
  output: string;
  words: string;
}

/**
 * Runs a program of `examples/` to its end.
 * @param program its file, from `examples/` on
 */
export function runExample(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const file = examplePath(program);
  const env = { ...process.env, NO_COLOR: "1", ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env, maxBuffer: 1 << 24 }, (error, output, words) => {
      resolve({ code: error === null ? 0 : Number(error.code), output, words });
    });
  });
}

export function examplePath(program: string): string {
  return fileURLToPath(new URL(`../../examples/${program}`, import.meta.url));
}
