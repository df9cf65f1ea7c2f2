import { bropErrorFrom } from "../../sdk/errors.ts";
import { resolveAccount } from "../accounts.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

export async function quota(session: Session, text: string | undefined): Promise<void> {
  const name = text ?? session.options.as ?? session.misuse("error: name an account, or a key with --as NAME");
  const account = await resolveAccount(session, name);
  const brop = await session.brop();
  const contract = brop.contracts.quota;
  const [points, classNumber, sponsor, head] = await Promise.all([
    contract.pointsOf(account),
    contract.classOf(account),
    contract.sponsorOf(account),
    brop.provider.getBlockNumber(),
  ]).catch((error: unknown) => {
    throw bropErrorFrom(error);
  });
  const { ceiling, grant, periodBlocks } = await contract.getFunction("class")(classNumber);
  const isSponsored = BigInt(sponsor) !== 0n;
  const nextGrantBlock = nextMultiple(head, Number(periodBlocks));
  const result = {
    account,
    points: Number(points.own),
    ...(isSponsored ? { sponsor, sponsoredPoints: Number(points.sponsored) } : {}),
    class: Number(classNumber),
    ceiling: Number(ceiling),
    grant: Number(grant),
    periodBlocks: Number(periodBlocks),
    ...(nextGrantBlock === undefined ? {} : { nextGrantBlock }),
    block: head,
  };
  session.output.result(result, () =>
    details([
      ["account", account],
      ["points", `${inGroups(points.own)} of at most ${inGroups(ceiling)}`],
      ["sponsor", isSponsored ? `${sponsor}, with ${inGroups(points.sponsored)} points` : undefined],
      ["grant", `${inGroups(grant)} points every ${periodBlocks} blocks (class ${classNumber})`],
      ["next grant", nextGrantBlock === undefined ? "never" : `at block ${nextGrantBlock}, now ${head}`],
    ]),
  );
}

/** Periods end at multiples of their length; a class that is not in use has none. */
function nextMultiple(block: number, period: number): number | undefined {
  return period === 0 ? undefined : (Math.floor(block / period) + 1) * period;
}

function inGroups(number: bigint): string {
  return number.toLocaleString("en-US");
}
