import { open } from "node:fs/promises";
import { isBatchRecordId } from "../../core/batch/identifiers.ts";
import { RECORD_BYTES } from "../../core/batch/serialised-records.ts";
import { BropError } from "../../core/errors.ts";
import { isHexBytes } from "../../core/hex.ts";
import {
  type AnchorSigner,
  type BatchedRecord,
  Batches,
  type BatchPortion,
  bytesToHex,
  type HandedOver,
  type RecordDescription,
} from "../../sdk/index.ts";
import { resolveAccount } from "../accounts.ts";
import { apiKeyOf } from "../api-client.ts";
import { EXIT_FAILURE } from "../exit-codes.ts";
import { digestWithBar } from "../files.ts";
import type { Paint } from "../output.ts";
import { progressBar } from "../progress-bar.ts";
import { type ListDefaults, type ListedRecord, readRecordList } from "../record-list.ts";
import type { Session } from "../session.ts";
import { columns, details, printable } from "../table.ts";

interface AddOptions extends ListDefaults {
  list?: string;
  account?: string;
  name?: string;
  receipts?: string;
  anchored?: boolean;
}

/** Records that were refused are named up to this number. */
const MOST_NAMED = 20;
const LOOK_AGAIN = 500;

/** Hands records over as one batch. */
export async function add(session: Session, files: readonly string[], options: AddOptions): Promise<void> {
  const { list, name, receipts, algorithm, kind } = options;
  if (files.length > 0 === (list !== undefined)) session.misuse("error: give either FILES or --list LIST");
  const account = await ownerOf(session, options.account);
  const records = () =>
    list === undefined ? digested(session, files, options) : readRecordList(list, { algorithm, kind });
  // All of a list is read before any of it is handed over: a faulty line is found when nothing is done yet.
  const total = list === undefined ? files.length : await count(records());
  if (total === 0) throw new BropError("request.invalid", { field: "list", path: list, reason: "holds no record" });
  const notes = receipts === undefined ? undefined : await open(receipts, "wx");
  try {
    const bar = progressBar(list ?? "files", session.options);
    const batches = new Batches({ url: session.url, key: apiKeyOf(session) });
    const read: Pick<ListedRecord, "name">[] = [];
    const digests: string[] = [];
    const handed = await batches.handOver(account, described(records(), read, digests), {
      ...(name === undefined ? {} : { name }),
      ...(bar === undefined ? {} : { onProgress: (done) => bar(done * RECORD_BYTES, total * RECORD_BYTES) }),
    });
    await notes?.writeFile(
      handed.ids.map((id, at) => `${id ?? "refused"} ${digests[at]} ${read[at]?.name}\n`).join(""),
    );
    const standing = options.anchored ? await waitFor(session, batches, handed.portions) : undefined;
    if (handed.refused.length > 0) process.exitCode = EXIT_FAILURE;
    const state = standing === undefined ? "taken" : "anchored";
    const result = { account, records: total, state, ...handed, ...(standing === undefined ? {} : { standing }) };
    session.output.result(result, (paint) => summary(handed, read, standing, account, paint));
  } finally {
    await notes?.close();
  }
}

/** Where records stand. */
export async function show(session: Session, id: string, { anchored }: { anchored?: boolean }): Promise<void> {
  const { apiKey } = session;
  const batches = new Batches({ url: session.url, ...(apiKey === undefined ? {} : { key: apiKey }) });
  if (isHexBytes(id as unknown, 32)) {
    if (anchored) session.misuse("error: --anchored goes with the identifier of a record or request");
    const found: BatchedRecord[] = [];
    for await (const record of batches.find(id)) found.push(record);
    return session.output.result({ digest: id, records: found }, () =>
      found.length === 0
        ? "no batch has this digest"
        : columns([
            ["ID", "STATE", "OWNER", "SINCE"],
            ...found.map((one) => [one.id, one.state, one.owner, one.takenAt]),
          ]),
    );
  }
  if (anchored) await waitFor(session, signing(session, batches), [id.split(".")[0] as string]);
  const shown = isBatchRecordId(id) ? await batches.record(id) : await batches.portion(id);
  session.output.result(shown, () => standingOf(shown));
}

/** Signing takes the key of whoever handed the records over. */
function signing(session: Session, batches: Batches): Batches {
  return session.options.as === undefined ? batches : new Batches({ url: session.url, key: apiKeyOf(session) });
}

/** The account that owns what is handed over: the one that is named, else that of the key to act with. */
async function ownerOf(session: Session, account: string | undefined): Promise<string> {
  const { as } = session.options;
  if ((account === undefined) === (as === undefined))
    session.misuse("error: give one of --as NAME and --account ACCOUNT");
  return resolveAccount(session, (account ?? as) as string);
}

async function* digested(session: Session, files: readonly string[], { algorithm, kind }: ListDefaults) {
  for (const name of files) {
    const digest = bytesToHex(await digestWithBar(session.options, name, algorithm));
    yield { description: { digest, algorithm, kind }, name };
  }
}

async function count(records: AsyncIterable<unknown>): Promise<number> {
  let number = 0;
  for await (const _ of records) number++;
  return number;
}

/** Notes names and digests of what goes by. */
async function* described(
  records: AsyncIterable<ListedRecord>,
  names: Pick<ListedRecord, "name">[],
  digests: string[],
): AsyncGenerator<RecordDescription> {
  for await (const { description, name } of records) {
    names.push({ name });
    digests.push(String(description.digest));
    yield description;
  }
}

async function waitFor(session: Session, batches: Batches, portions: readonly string[]): Promise<BatchPortion[]> {
  const { as } = session.options;
  const signer: AnchorSigner | undefined =
    as === undefined ? undefined : { brop: await session.brop(), account: await session.actor() };
  return session.step("Anchored", async () => {
    const standing: BatchPortion[] = [];
    for (const portion of portions) {
      standing.push(await batches.anchored(portion, { ...(signer && { signer }), pollingInterval: LOOK_AGAIN }));
    }
    return standing;
  });
}

function summary(
  { ids, refused, portions, expectedBlock }: HandedOver,
  names: readonly Pick<ListedRecord, "name">[],
  standing: readonly BatchPortion[] | undefined,
  account: string,
  paint: Paint,
): string {
  const taken = ids.length - refused.length;
  const faults = refused.slice(0, MOST_NAMED).map(({ item, problem }) => {
    return printable(`  ${names[item]?.name}: ${problem.code}: ${problem.detail}`);
  });
  const more = refused.length > MOST_NAMED ? [`  and ${refused.length - MOST_NAMED} more`] : [];
  const anchors = [...new Set((standing ?? []).map(({ batch }) => `${batch?.anchor}, block ${batch?.anchoredBlock}`))];
  const [first, last] = [ids.find((id) => id !== null), ids.findLast((id) => id !== null)];
  return [
    `${taken > 0 ? paint.green("✓") : paint.red("✗")} ${paint.bold(`${taken} ${standing === undefined ? "taken" : "anchored"}`)}${
      refused.length > 0 ? `, ${refused.length} refused` : ""
    }`,
    ...faults,
    ...more,
    details([
      ["owner", account],
      ["records", first === last ? (first ?? undefined) : `${first} to ${last}`],
      ...portions.map((portion): [string, string] => ["request", portion]),
      ...anchors.map((anchor): [string, string] => ["anchor", anchor]),
      ["expected", standing === undefined && expectedBlock !== null ? `proofs by block ${expectedBlock}` : undefined],
    ]),
  ].join("\n");
}

function standingOf(shown: BatchedRecord | BatchPortion): string {
  const { batch, state, expectedBlock, takenAt } = shown;
  const isRecord = "digest" in shown;
  const waits = state === "sealed" && batch?.submission != null ? `, operation ${batch.submission}` : "";
  return details([
    [isRecord ? "record" : "request", shown.id],
    ["digest", isRecord ? `${shown.digest} (${shown.algorithm})` : undefined],
    ["records", isRecord ? undefined : String(shown.recordCount)],
    ["owner", isRecord ? shown.owner : shown.account],
    ["state", `${state}${waits}`],
    ["taken", takenAt],
    ["expected", expectedBlock === null ? undefined : `proof by block ${expectedBlock}`],
    [
      "anchor",
      batch?.anchoredBlock == null ? undefined : `${batch.anchor}, block ${batch.anchoredBlock}, ${batch.anchoredAt}`,
    ],
    ["place", isRecord && shown.index !== null ? `${shown.index} of ${batch?.recordCount}` : undefined],
    [
      "revoked",
      isRecord && shown.revoked !== null
        ? `in block ${shown.revoked.blockNumber}, reason ${shown.revoked.reason}`
        : undefined,
    ],
    ["reason", batch?.reason == null ? undefined : `${batch.reason.code}: ${batch.reason.message ?? ""}`],
  ]);
}
