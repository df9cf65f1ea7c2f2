import { bytesToHex, type DigestAlgorithm, type Evidence, verifyDigest } from "../../sdk/index.ts";
import { resolveAccount } from "../accounts.ts";
import { readEpcis } from "../epcis-file.ts";
import { EXIT_NOT_VERIFIED } from "../exit-codes.ts";
import { digestWithBar } from "../files.ts";
import type { Paint } from "../output.ts";
import type { Session } from "../session.ts";
import { details, printable } from "../table.ts";
import { verifyBundleFile } from "./verify-bundle.ts";

interface VerifyOptions {
  bundle?: string;
  trust?: string;
  authority?: string[];
  epcis?: string;
  by?: string;
}

/** What is on record of one content. */
interface Verdict {
  name: string;
  digest: string;
  algorithm: DigestAlgorithm;
  verified: boolean;
  records: Evidence[];
}

// Nearly every record names SHA-256; the others are worked out only when it finds nothing.
const ALGORITHMS: readonly DigestAlgorithm[] = ["sha2-256", "sm3-256", "sha3-256", "sha2-512-256"];

export async function verify(session: Session, file: string | undefined, options: VerifyOptions): Promise<void> {
  const { epcis, bundle } = options;
  if (bundle !== undefined) {
    if (epcis !== undefined || options.by !== undefined)
      session.misuse("error: --bundle goes with none of --epcis, --by");
    return verifyBundleFile(session, file, { ...options, bundle });
  }
  if ((file === undefined) === (epcis === undefined)) session.misuse("error: give one of FILE and --epcis EXPORT");
  const by = options.by === undefined ? undefined : await resolveAccount(session, options.by);
  const verdicts =
    epcis === undefined ? [await verifyFile(session, file as string, by)] : await verifyExport(session, epcis, by);
  const verified = verdicts.every((verdict) => verdict.verified);
  if (!verified) process.exitCode = EXIT_NOT_VERIFIED;
  const { name: _name, ...only } = verdicts[0] as Verdict;
  const result = epcis === undefined ? { file, ...only } : { file: epcis, verified, events: verdicts };
  session.output.result(result, (paint) => verdicts.map((verdict) => describe(verdict, paint)).join("\n\n"));
}

async function verifyFile(session: Session, path: string, by: string | undefined): Promise<Verdict> {
  let first: Verdict | undefined;
  for (const algorithm of ALGORITHMS) {
    const digest = bytesToHex(await digestWithBar(session.options, path, algorithm));
    const verdict = await judge(session, { name: path, digest, algorithm }, by);
    if (verdict.records.length > 0) return verdict;
    first ??= verdict;
  }
  return first as Verdict;
}

async function verifyExport(session: Session, path: string, by: string | undefined): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { event, input, businessKey } of await readEpcis(path)) {
    const name = `${event.type} ${event.eventTime} ${businessKey}`;
    verdicts.push(await judge(session, { name, digest: input.digest, algorithm: "sha2-256" }, by));
  }
  return verdicts;
}

async function judge(
  session: Session,
  content: Pick<Verdict, "name" | "digest" | "algorithm">,
  by: string | undefined,
): Promise<Verdict> {
  const found = await verifyDigest(await session.brop(), content.digest);
  const records = found.records.filter(
    ({ owner, algorithm }) => algorithm === content.algorithm && (by === undefined || owner === by),
  );
  return { ...content, verified: records.some(({ status }) => status === "valid"), records };
}

function describe({ name, digest, algorithm, verified, records }: Verdict, paint: Paint): string {
  const head = verified
    ? `${paint.green("✓")} ${paint.bold("On record")}: ${printable(name)}`
    : `${paint.red("✗")} ${paint.bold(records.length === 0 ? "Not on record" : "No valid record")}: ${printable(name)}`;
  const blocks = records.map((record) => describeRecord(record));
  return [head, details([["digest", `${digest} (${algorithm})`]]), ...blocks].join("\n");
}

/** A record in lines. */
export function describeRecord(record: Evidence): string {
  const { owner, ownerName, certified, recordedAt, block, status, id } = record;
  const { level, certifier, certifierName } = certified;
  const by = certifier === undefined ? "" : `, certified by ${certifierName ?? certifier}`;
  return details([
    ["status", status],
    ["recorded", `${recordedAt.toISOString()}, block ${block}`],
    ["owner", ownerName === undefined ? owner : `${ownerName}, ${owner}`],
    ["level", `${level}${by}${certified.asOf === "now" ? " (as of now)" : ""}`],
    ["responsible", record.responsible],
    ["record", id],
  ]);
}
