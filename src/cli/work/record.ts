import {
  type Account,
  bytesToHex,
  createRecordInput,
  type DigestAlgorithm,
  type EpcisRecord,
  type RecordInput,
} from "../../sdk/index.ts";
import { readEpcis } from "../epcis-file.ts";
import { digestWithBar } from "../files.ts";
import { type NamedObject, namedObject } from "../objects.ts";
import { appendAll, type Recorded, recordAll } from "../recording.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

interface RecordOptions {
  epcis?: string;
  object?: string;
  byObject?: boolean;
  algorithm: DigestAlgorithm;
  kind: number;
  subject?: string;
  businessKey?: string;
  refersTo?: string;
}

export async function record(session: Session, file: string | undefined, options: RecordOptions): Promise<void> {
  if ((file === undefined) === (options.epcis === undefined)) {
    session.misuse("error: give one of FILE and --epcis EXPORT");
  }
  if (options.epcis === undefined) return recordFile(session, file as string, options);
  return recordExport(session, options.epcis, options);
}

async function recordFile(session: Session, file: string, options: RecordOptions): Promise<void> {
  const { object, epcis: _epcis, byObject, algorithm, ...described } = options;
  if (byObject) session.misuse("error: --by-object goes with --epcis");
  if (object !== undefined && options.subject !== undefined) {
    session.misuse("error: the subject of a link is its object: give one of --object and --subject");
  }
  const actor = await session.actor();
  const digest = bytesToHex(await digestWithBar(session.options, file, algorithm));
  const input = createRecordInput({ ...described, digest, algorithm });
  const target = object === undefined ? undefined : namedObject(object, actor.address);
  const { made, operations } = await put(session, actor, file, [input], target, false);
  const [{ id, index }] = made as [Recorded["made"][0]];
  const result = {
    ...{ file, digest, algorithm, id, owner: actor.address },
    ...(target === undefined ? {} : { object: target.id, index }),
    operation: operations[0],
  };
  session.output.result(result, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold("Recorded")}`,
      details([
        ["file", file],
        ["digest", `${digest} (${algorithm})`],
        ["record", id],
        ["owner", actor.address],
        ["object", target && `${target.id}, link ${index}`],
        ["operation", operations[0]],
      ]),
    ].join("\n"),
  );
}

async function recordExport(session: Session, path: string, options: RecordOptions): Promise<void> {
  if (options.byObject && options.object !== undefined) {
    session.misuse("error: give one of --object and --by-object");
  }
  for (const name of ["subject", "businessKey", "refersTo"] as const) {
    if (options[name] !== undefined) session.misuse("error: events bring their own subject, key and reference");
  }
  const actor = await session.actor();
  const events = await readEpcis(path, options.kind);
  const chains = chainsOf(events, options, actor.address);
  const done: (Omit<Recorded, "made" | "known"> & {
    object?: string;
    name?: string | undefined;
    recorded: Recorded["made"];
    alreadyRecorded: number;
  })[] = [];
  for (const { name, target, events: members } of chains) {
    const inputs = members.map(({ input }) => input);
    const { made, known, operations } = await put(session, actor, name ?? path, inputs, target, true);
    done.push({
      ...(target === undefined ? {} : { object: target.id, name }),
      ...{ recorded: made, alreadyRecorded: known, operations },
    });
  }
  const recorded = done.reduce((sum, chain) => sum + chain.recorded.length, 0);
  const alreadyRecorded = done.reduce((sum, chain) => sum + chain.alreadyRecorded, 0);
  const result = { file: path, events: events.length, owner: actor.address, recorded, alreadyRecorded, chains: done };
  session.output.result(result, (paint) =>
    [
      `${paint.green("✓")} ${paint.bold(`${recorded} recorded`)}, ${alreadyRecorded} on record before`,
      details([
        ["export", `${path}, ${events.length} events`],
        ["owner", actor.address],
        ...done.flatMap(({ object, name }): [string, string][] =>
          object === undefined ? [] : [["object", name === object ? object : `${object} ${name}`]],
        ),
      ]),
    ].join("\n"),
  );
}

interface Chain {
  name: string | undefined;
  target: NamedObject | undefined;
  events: EpcisRecord[];
}

/** Which events go to which object; all to none by default. */
function chainsOf(events: EpcisRecord[], { object, byObject }: RecordOptions, owner: string): Chain[] {
  if (!byObject) {
    const target = object === undefined ? undefined : namedObject(object, owner);
    return [{ name: object, target, events }];
  }
  const members = new Map<string, EpcisRecord[]>();
  for (const event of events) {
    for (const id of new Set(event.objects.map((each) => each.id)))
      members.set(id, [...(members.get(id) ?? []), event]);
  }
  return [...members].map(([name, own]) => ({ name, target: namedObject(name, owner), events: own }));
}

async function put(
  session: Session,
  actor: Account,
  title: string,
  inputs: RecordInput[],
  target: NamedObject | undefined,
  skipKnown: boolean,
): Promise<Recorded> {
  const brop = await session.brop();
  return session.step(`${title} is recorded`, () =>
    target === undefined
      ? recordAll(brop, actor, inputs, skipKnown)
      : appendAll(brop, actor, target, inputs, skipKnown),
  );
}
