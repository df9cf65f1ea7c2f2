import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import colours from "picocolors";
import { type BropError, bropErrorFrom, connect } from "../../src/sdk/index.ts";
import { judge } from "./judge.ts";
import { type Options, readOptions, USAGE } from "./options.ts";
import { play } from "./play.ts";
import { Progress } from "./progress.ts";
import { setStage } from "./stage.ts";
import { newLot, PRODUCT } from "./story.ts";

// npm run demo: institutions record the story of a lot of tea, and a stranger verifies it.

const INTERRUPTED = 130;

/** Exit code: 0 when the honest story is confirmed and every forgery found and named, 1 otherwise, 2 wrong usage. */
process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const output = options.json ? process.stderr : process.stdout;
  const paint = colours.createColors(output.isTTY === true && colours.isColorSupported);
  const folder = await mkdtemp(join(tmpdir(), "brop-tea-"));
  // At the very end: when one act fails, another may still be writing.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(INTERRUPTED));
  try {
    const result = await run(options, folder, new Progress(output, paint));
    if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return result.passed ? 0 : 1;
  } catch (thrown) {
    const error = bropErrorFrom(thrown);
    if (options.json) process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
    else process.stderr.write(`\n${paint.red(error.code)}: ${error.message}\n${error.remedy}\n${hintFor(error)}`);
    if (error.code === "service.internal") process.stderr.write(`${(thrown as Error).stack}\n`);
    return 1;
  }
}

function hintFor({ code }: BropError): string {
  return code === "chain.unreachable" ? "To start a platform, run `npm start` in another shell.\n" : "";
}

async function run(options: Options, folder: string, progress: Progress) {
  const began = performance.now();
  const lot = newLot(Date.now());
  const honest = join(folder, "honest");
  const brop = await connect(options.url);
  try {
    progress.line(`The story of ${PRODUCT}, lot ${lot}, on ${options.url} (chain ${brop.chainId})`);
    const stage = await setStage(brop, options.keys, progress);
    const { object, partners, coupons } = await play(stage, honest, lot);
    const judged = await judge(progress, { url: options.url, object, honest, folder });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    progress.act(
      judged.passed ? progress.paint.green("Everything as it should be") : progress.paint.red("Not as it should be"),
    );
    progress.line(
      `  ${coupons.balances.ming} coupons with Zhou Ming, ${coupons.balances.lan} with Xu Lan; ${seconds} s in all`,
    );
    return { lot, object, partners, coupons, ...judged, seconds };
  } finally {
    brop.close();
  }
}
