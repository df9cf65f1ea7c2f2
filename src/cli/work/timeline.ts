import { compareDocuments, timeline } from "../../sdk/index.ts";
import { resolveAccount } from "../accounts.ts";
import { readDocuments } from "../documents.ts";
import { EXIT_NOT_VERIFIED } from "../exit-codes.ts";
import { isObjectId, namedObject } from "../objects.ts";
import type { Session } from "../session.ts";
import { columns, details, printable } from "../table.ts";

interface TimelineOptions {
  owner?: string;
  epcis?: string[];
}

export async function showTimeline(
  session: Session,
  text: string,
  files: string[],
  { owner, epcis = [] }: TimelineOptions,
): Promise<void> {
  const object = await identify(session, text, owner);
  const found = await timeline(await session.brop(), object);
  const algorithms = found.links.flatMap(({ record }) => record.algorithm ?? []);
  const digests = new Set(found.links.map(({ digest }) => digest));
  const documents = await readDocuments(session.options, { epcis, files }, algorithms, digests);
  const compared = documents.length > 0;
  const comparison = compared ? compareDocuments(found.links, documents) : { faults: [], documents: new Map() };
  const faults = [...found.faults, ...comparison.faults];
  const confirmed = faults.length === 0;
  if (!confirmed) process.exitCode = EXIT_NOT_VERIFIED;
  const links = found.links.map((link) => {
    const place = comparison.documents.get(link.index);
    return { ...link, ...(place === undefined ? {} : { document: documents[place]?.name }) };
  });
  session.output.result({ ...found, links, faults, compared, confirmed }, (paint) => {
    const rows = links.map(({ index, digest, record, document }) => [
      String(index),
      record.recordedAt.toISOString(),
      record.certified.certifierName ?? record.ownerName ?? record.owner,
      record.status,
      digest,
      document ?? "",
    ]);
    const [head, ...lines] = columns([["LINK", "TIME", "BY", "STATUS", "DIGEST", "DOCUMENT"], ...rows]).split("\n");
    const subject = compared ? "The documents are what was recorded" : "The chain of records is whole";
    const verdict = confirmed
      ? `${paint.green("✓")} ${paint.bold(subject)}`
      : faults.map(({ code, explanation }) => `${paint.red("✗")} ${paint.bold(code)}: ${printable(explanation)}`);
    return [
      details([
        ["object", found.object],
        ["owner", found.owner],
        ["links", String(found.length)],
      ]),
      ...(links.length === 0 ? [] : ["", paint.bold(head as string), ...lines]),
      "",
      ...[verdict].flat(),
    ].join("\n");
  });
}

async function identify(session: Session, text: string, owner: string | undefined): Promise<string> {
  if (isObjectId(text)) return text.toLowerCase();
  const name = owner ?? session.options.as;
  if (name === undefined) return session.misuse("error: say whose object it is: --owner ACCOUNT or --as NAME");
  return namedObject(text, await resolveAccount(session, name)).id;
}
