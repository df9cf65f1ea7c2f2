/**
 * Compares a network's contracts with those of this checkout, creates the code that is missing there and proposes to
 * Council to put it behind the proxies. Run again it changes nothing.
 *
 * `npm run upgrade -- --dry-run` with BROP_RPC_URL set says what it would do; BROP_OPERATOR_KEY creates the code,
 * BROP_SEAT_KEY makes the proposal, and votes for it or executes it with `--vote` and `--execute`.
 */
import { parseArgs } from "node:util";
import { network } from "hardhat";
import { scriptKey } from "./deployment/script-keys.ts";
import { reportFindings } from "./report-findings.ts";
import { describe } from "./upgrading/describe.ts";
import { layoutProblems } from "./upgrading/layout-problems.ts";
import { planUpgrade, upgrade } from "./upgrading/upgrade.ts";

const OPTIONS = {
  network: { type: "string", default: "development" },
  "dry-run": { type: "boolean", default: false },
  vote: { type: "boolean", default: false },
  execute: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  /** Layouts of the version that the network runs; by default those that this checkout writes down. */
  layouts: { type: "string" },
} as const;
type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

try {
  const { values } = parseArgs({ options: OPTIONS });
  const problems = layoutProblems(values.layouts);
  if (problems.length > 0) reportFindings(problems);
  else await run(values);
} catch (error) {
  reportFindings([error instanceof Error ? error.message : String(error)]);
}

async function run(values: Options): Promise<void> {
  const connection = await network.create({ network: values.network });
  try {
    const { provider } = connection.ethers;
    const operator = await scriptKey("operatorKey", provider);
    const seat = await scriptKey("seatKey", provider);
    const options = {
      provider,
      ...(operator === undefined ? {} : { operator }),
      ...(seat === undefined ? {} : { seat }),
      ...(values.vote ? { seatAction: "vote" as const } : {}),
      ...(values.execute ? { seatAction: "execute" as const } : {}),
      report: values.json ? () => undefined : (what: string) => console.log(what),
    };
    const done = values["dry-run"] ? await planUpgrade(options) : await upgrade(options);
    operator?.close();
    seat?.close();
    console.log(values.json ? JSON.stringify(done, null, 2) : describe(done));
  } finally {
    await connection.close();
  }
}
