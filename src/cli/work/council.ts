import { type ContractTransactionReceipt, type ContractTransactionResponse, Interface, isHexString } from "ethers";
import { abi } from "../../../generated/abi.ts";
import { digestFile } from "../../core/digest.node.ts";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import { bropErrorFrom } from "../../sdk/index.ts";
import { readJson } from "../json-file.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

/** `ICouncil.Status`. */
const STATUS = ["none", "open", "agreed", "executed", "cancelled", "lapsed"] as const;
/** There are no fees; seats send ordinary transactions. */
const FREE = { gasPrice: 0, type: 0 } as const;

interface Call {
  target: string;
  data: string;
}

/** Opens a proposal from its file; the seat that opens it has voted for it. */
export async function propose(session: Session, path: string): Promise<void> {
  const { calls, reason } = await readProposal(path);
  const council = await councilOf(session);
  const receipt = await send(session, "Proposal", () => council.propose(calls, reason, FREE));
  const opened = receipt.logs.map((log) => council.interface.parseLog(log)).find((log) => log?.name === "Proposed");
  const id = Number(opened?.args.id);
  const { votes, quorum } = await votesOf(session, id);
  session.output.result({ proposal: id, votes, quorum }, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold(`Proposal ${id}`)}, ${votes} of ${quorum} votes`,
      `The other seats vote for it with: brop council vote ${id}`,
    ].join("\n"),
  );
}

export async function vote(session: Session, id: number): Promise<void> {
  const council = await councilOf(session);
  await send(session, `Vote for proposal ${id}`, () => council.vote(id, FREE));
  const standing = await votesOf(session, id);
  session.output.result({ proposal: id, ...standing }, (paint) => {
    const first = `${paint.green("✓")} Proposal ${id}: ${standing.votes} of ${standing.quorum} votes`;
    if (standing.executableFrom === undefined) return first;
    return `${first}; from block ${standing.executableFrom} on: brop council execute ${id}`;
  });
}

export async function execute(session: Session, id: number): Promise<void> {
  const council = await councilOf(session);
  const calls = await callsOf(session, id);
  const receipt = await send(session, `Execution of proposal ${id}`, () => council.execute(id, calls, FREE));
  const { blockNumber, hash } = receipt;
  session.output.result(
    { proposal: id, block: blockNumber, transaction: hash },
    (paint) => `${paint.green("✓")} Proposal ${id} is executed, in block ${blockNumber}`,
  );
}

/** Votes for an emergency pause, which begins with the vote that is more than a third of the seats. */
export async function pause(session: Session, { ground }: { ground: string }): Promise<void> {
  const council = await councilOf(session);
  const reason = bytesToHex(await digestFile(ground));
  const receipt = await send(session, "Vote for a pause", () => council.pause(reason, FREE));
  const events = receipt.logs.map((log) => council.interface.parseLog(log));
  const votes = Number(events.find((event) => event?.name === "PauseVoted")?.args.votes);
  const [quorum, lastPause] = await Promise.all([council.pauseQuorum(), council.lastPause()]);
  const until = events.some((event) => event?.name === "PauseStarted") ? Number(lastPause.lastBlock) : null;
  session.output.result({ votes, quorum: Number(quorum), pausedUntil: until }, (paint) =>
    until === null
      ? `${paint.green("✓")} ${votes} of ${quorum} votes for a pause; a vote counts for an hour of blocks`
      : `${paint.green("✓")} No operation of any account is accepted up to block ${until}; then the pause ends by itself`,
  );
}

export async function show(session: Session, id: number): Promise<void> {
  const { council } = (await session.brop()).contracts;
  const [calls, standing, seats] = await Promise.all([callsOf(session, id), votesOf(session, id), council.seats()]);
  const voted = await Promise.all(seats.map((seat) => council.hasVoted(id, seat)));
  const supporters = seats.filter((_, index) => voted[index]);
  const result = { proposal: id, ...standing, supporters, calls: calls.map(inWords) };
  session.output.result(result, (paint) =>
    [
      `${paint.bold(`Proposal ${id}`)}: ${standing.status}, ${standing.votes} of ${standing.quorum} votes`,
      ...(standing.executableFrom === undefined ? [] : [`executable from block ${standing.executableFrom} on`]),
      "",
      details(result.calls.map(({ contract, call }) => [contract, call])),
      "",
      details(seats.map((seat, index) => [seat, voted[index] ? "voted for it" : "has not voted"])),
    ].join("\n"),
  );
}

async function readProposal(path: string): Promise<{ calls: Call[]; reason: string }> {
  const { calls, reason } = ((await readJson(path)) ?? {}) as { calls?: unknown; reason?: unknown };
  const right =
    isHexString(reason, 32) &&
    Array.isArray(calls) &&
    calls.length > 0 &&
    calls.every((call) => isHexString(call?.target, 20) && isHexString(call?.data));
  if (!right) {
    const words = "must have a reason (32 bytes) and calls, each with target and data, in hexadecimal digits";
    throw new BropError("request.invalid", { field: path, reason: words });
  }
  return { reason, calls: (calls as Call[]).map(({ target, data }) => ({ target, data })) };
}

/** Council, to be called by the seat that `--as` names. */
async function councilOf(session: Session) {
  const name = session.options.as ?? session.misuse("error: name the seat's key: --as NAME");
  const { contracts, provider } = await session.brop();
  return contracts.council.connect((await session.signer(name)).connect(provider));
}

async function send(
  session: Session,
  title: string,
  call: () => Promise<ContractTransactionResponse>,
): Promise<ContractTransactionReceipt> {
  return session.step(title, async () => {
    try {
      return (await (await call()).wait()) as ContractTransactionReceipt;
    } catch (error) {
      throw bropErrorFrom(error);
    }
  });
}

/** The calls of a proposal, from its event: the contract keeps their digest only. */
async function callsOf(session: Session, id: number): Promise<Call[]> {
  const { council } = (await session.brop()).contracts;
  try {
    const { proposedBlock } = await council.proposal(id);
    const events = await council.queryFilter(
      council.filters.Proposed(id),
      Number(proposedBlock),
      Number(proposedBlock),
    );
    return (events[0]?.args.calls ?? []).map(({ target, data }) => ({ target, data }));
  } catch (error) {
    throw bropErrorFrom(error);
  }
}

async function votesOf(session: Session, id: number) {
  const { council } = (await session.brop()).contracts;
  try {
    const [status, { agreedBlock, delayBlocks }, quorum, seats] = await Promise.all([
      council.statusOf(id),
      council.proposal(id),
      council.quorum(),
      council.seats(),
    ]);
    const voted = await Promise.all(seats.map((seat) => council.hasVoted(id, seat)));
    return {
      status: STATUS[Number(status)],
      votes: voted.filter(Boolean).length,
      quorum: Number(quorum),
      executableFrom: Number(status) === 2 ? Number(agreedBlock + delayBlocks) : undefined,
    };
  } catch (error) {
    throw bropErrorFrom(error);
  }
}

/** A call as its contract's interface reads it, where one of BROP's does. */
function inWords({ target, data }: Call): { contract: string; call: string } {
  for (const [name, face] of Object.entries(abi)) {
    const parsed = new Interface(face).parseTransaction({ data });
    if (parsed === null) continue;
    const values = parsed.args.map((value) => (Array.isArray(value) ? JSON.stringify(value, String) : String(value)));
    return { contract: `${target} (${name})`, call: `${parsed.name}(${values.join(", ")})` };
  }
  return { contract: target, call: data };
}
