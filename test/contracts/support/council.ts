import { expect } from "chai";
import type { BaseContract, TransactionReceipt } from "ethers";
import { digestOf } from "./actors.ts";
import { blockNumber, mineTo } from "./chain.ts";
import { expectFailure, readFailure, revertData } from "./errors.ts";
import { callOf } from "./operations.ts";
import { COUNCIL_DELAY, type Platform } from "./platform.ts";

/** A contract's function and its arguments, as Council is to call it. */
export type Decision = [contract: BaseContract, name: string, args: readonly unknown[]];

/** Lets Council make calls the proper way: proposal, votes of as many seats as it takes, delay, execution. */
export async function decide(platform: Platform, ...decisions: Decision[]): Promise<TransactionReceipt> {
  const { id, calls } = await agree(platform, ...decisions);
  await mineTo((await blockNumber()) + COUNCIL_DELAY);
  const [first] = platform.seats;
  const response = await platform.council.connect(first).execute(id, calls, { gasLimit: 15_000_000 });
  return (await response.wait()) as TransactionReceipt;
}

/** A proposal with enough votes, whose delay has not passed. */
export async function agree(platform: Platform, ...decisions: Decision[]) {
  const { council, seats } = platform;
  const calls = decisions.map(([contract, name, args]) => callOf(contract, name, args));
  await council.connect(seats[0]).propose(calls, digestOf("reason"));
  const id = await latestProposal(platform);
  // The proposer has voted by proposing.
  for (const seat of seats.slice(1, Number(await council.quorum()))) await council.connect(seat).vote(id);
  return { id, calls };
}

/** Lets as many seats as it takes start an emergency pause. */
export async function pause({ council, seats }: Pick<Platform, "council" | "seats">) {
  for (const seat of seats.slice(0, Number(await council.pauseQuorum())))
    await council.connect(seat).pause(digestOf("reason"));
  return council.lastPause();
}

/** Number of the newest proposal. */
export async function latestProposal({ council }: Platform): Promise<bigint> {
  const events = await council.queryFilter(council.filters.Proposed());
  return BigInt(events.length);
}

/** Expects an agreed proposal to fail at one of its calls, with that call's error. */
export async function expectCallFailed(attempt: Promise<unknown>, index: number, name: string, args?: unknown[]) {
  const data = await attempt.then(
    () => undefined,
    (error: unknown) => revertData(error),
  );
  const failure = readFailure(data ?? "0x");
  expectFailure(failure, "CouncilCallFailed");
  expectFailure(readFailure(failure.args[1] as string), name, args);
  expect(failure.args[0]).to.equal(BigInt(index));
}
