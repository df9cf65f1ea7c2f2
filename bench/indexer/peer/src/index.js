import { ponder } from "ponder:registry";
import { balances, charges, events, operations, records, transfers } from "ponder:schema";

// Rows for the same events as BROP writes them. With OUTBOX=no the table of events is left out.
const OUTBOX = process.env.OUTBOX !== "no";
const ZERO = `0x${"0".repeat(64)}`;
const ZERO_ADDRESS = `0x${"0".repeat(40)}`;
const orNull = (value) => (value === ZERO || value === ZERO_ADDRESS ? null : value);

const place = (event) => ({
  transactionHash: event.transaction.hash,
  blockNumber: event.block.number,
  logIndex: event.log.logIndex,
});

function tell(context, event, type) {
  if (!OUTBOX) return;
  const data = Object.fromEntries(
    Object.entries(event.args ?? {}).map(([name, value]) => [
      name,
      typeof value === "bigint" ? value.toString() : value,
    ]),
  );
  return context.db.insert(events).values({ id: event.id, type, contract: event.log.address, data, ...place(event) });
}

ponder.on("Records:Recorded", async ({ event, context }) => {
  const { digest, owner, subject, algorithm, kind, responsible, businessKey, refersTo } = event.args;
  await context.db.insert(records).values({
    // BROP computes keccak256(owner, digest, subject) here; the peer is spared that.
    id: event.id,
    owner,
    digest,
    subject: orNull(subject),
    algorithm,
    kind,
    responsible: orNull(responsible),
    businessKey: orNull(businessKey),
    refersTo: orNull(refersTo),
    recordedAt: event.block.timestamp,
    ...place(event),
  });
  await tell(context, event, "records.recorded");
});

ponder.on("Voucher:TransferSingle", async ({ event, context }) => {
  const { operator, from, to, id, value } = event.args;
  const voucher = event.log.address;
  await context.db.insert(transfers).values({
    id: event.id,
    voucher,
    lot: id,
    sender: from,
    recipient: to,
    executor: operator,
    amount: value,
    ...place(event),
  });
  for (const [holder, amount] of [
    [from, -value],
    [to, value],
  ]) {
    await context.db
      .insert(balances)
      .values({ voucher, lot: id, holder, amount })
      .onConflictDoUpdate((row) => ({ amount: row.amount + amount }));
  }
  await tell(context, event, "voucher.transfer-single");
});

ponder.on("Quota:Charged", async ({ event, context }) => {
  const { account, payer, points } = event.args;
  await context.db
    .insert(charges)
    .values({ account, payer, points, operations: 1, blockNumber: event.block.number })
    .onConflictDoUpdate((row) => ({ points: row.points + points, operations: row.operations + 1 }));
  await tell(context, event, "quota.charged");
});

ponder.on("EntryPoint:UserOperationEvent", async ({ event, context }) => {
  const { userOpHash, sender, nonce, success, actualGasUsed } = event.args;
  await context.db
    .insert(operations)
    .values({ hash: userOpHash, sender, nonce, success, gasUsed: actualGasUsed, ...place(event) });
  await tell(context, event, "entry-point.user-operation-event");
});

ponder.on("EntryPoint:BeforeExecution", async ({ event, context }) => {
  await tell(context, event, "entry-point.before-execution");
});
