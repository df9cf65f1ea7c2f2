import { lastIndexedBlock, readPushPosition } from "../../src/store/queries/push/position.ts";
import type { Scenario } from "./scenario.ts";

/** Milliseconds of the simulation in which all must have come to rest once nothing goes wrong any more. */
const PATIENCE = 1_500_000;
const LOOK = 2_000;
/** For streams, which nobody can ask how far they are. */
const AFTERWARDS = 3_000;

/**
 * Lets the platform come to rest: every deadline passes, every delivery is made, and it stops when it is asked to.
 * @returns what did not come to rest
 */
export async function untilQuiet(scenario: Scenario): Promise<string[]> {
  const { world, chain, clients, partners, machines, subscribers, streams } = scenario;
  const { time } = world;
  const latest = time.now + PATIENCE;
  const running = () => machines.every((machine) => machine.running !== undefined);
  if (!(await time.until(running, latest))) return ["a process does not start although nothing goes wrong any more"];
  for (const one of subscribers.wanted) if (one.id !== undefined && !one.ended) subscribers.resume(one);
  await time.until(() => chain.head > Math.max(clients.lastDeadline, partners.lastDeadline) + 3, latest);
  // What waits for an answer that was lost on its way goes on only after its timeout, and may need blocks.
  while (time.now < latest && !(await keepsUp(scenario))) await time.until(() => false, time.now + LOOK);
  scenario.freeze();
  let reasons: string[] = [];
  while (time.now < latest) {
    reasons = await unrest(scenario);
    if (reasons.length === 0) break;
    await time.until(() => false, time.now + LOOK);
  }
  await time.until(() => false, time.now + AFTERWARDS);
  for (const reader of streams) reader.end();
  let stopped = false;
  void Promise.all(machines.map((machine) => machine.stop())).then(() => {
    stopped = true;
  });
  if (!(await time.until(() => stopped, time.now + PATIENCE))) reasons.push("a process does not stop");
  return reasons;
}

/** Whether the access node follows the chain and none of its bundles waits. */
async function keepsUp({ engine, chain }: Scenario): Promise<boolean> {
  const bundles = await engine.query("select 1 from relay_bundles", []);
  const [position] = await engine.query<{ blocks: [number, string][] }>("select blocks from relay_positions", []);
  return bundles.length === 0 && (position?.blocks[0]?.[0] ?? -1) >= chain.head - 1;
}

/** What is still under way. */
async function unrest({ engine, chain, machines }: Scenario): Promise<string[]> {
  const count = async (text: string) => (await engine.query<{ count: number }>(text, []))[0]?.count ?? 0;
  const reasons: string[] = [];
  for (const machine of machines) if (machine.running === undefined) reasons.push(`${machine.name} does not run`);
  const indexed = await lastIndexedBlock(engine);
  if (indexed !== chain.head) reasons.push(`the index is at block ${indexed} of ${chain.head}`);
  const { block } = await readPushPosition(engine);
  if (block !== chain.head) reasons.push(`events are matched up to block ${block} of ${chain.head}`);
  const pending = await count(
    `select count(*) as count from deliveries join subscriptions on subscriptions.id = deliveries.subscription
     where deliveries.state = 'pending' and subscriptions.status = 'active'`,
  );
  if (pending > 0) reasons.push(`${pending} deliveries are waiting`);
  const behind = await count(
    "select count(*) as count from subscriptions where catch_up_block is not null and status = 'active'",
  );
  if (behind > 0) reasons.push(`${behind} subscriptions have not caught up`);
  const open = await count(
    "select count(*) as count from operation_pool where state = 'received' and deadline is not null",
  );
  if (open > 0) reasons.push(`${open} operations have no end`);
  const submissions = await count("select count(*) as count from submissions where ended_at is null");
  if (submissions > 0) reasons.push(`${submissions} submissions have no end`);
  const [position] = await engine.query<{ blocks: [number, string][] }>("select blocks from relay_positions", []);
  if (position?.blocks[0]?.[0] !== chain.head) reasons.push(`the relay follows block ${position?.blocks[0]?.[0]}`);
  return reasons;
}
