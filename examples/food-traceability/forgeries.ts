import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EpcisEvent } from "../../src/core/epcis.ts";
import type { DocumentFaultCode } from "../../src/sdk/index.ts";
import { inspectionCertificate } from "./certificate.ts";

/** A way to cheat whoever is handed the documents. */
export interface Forgery {
  title: string;
  /** What the forger does, for people. */
  deed: string;
  /** What a stranger must find, and nothing else: the fault, and the document (by its honest name) that it is in. */
  expected: { code: DocumentFaultCode; victim: string };
  /** Does it to a folder of documents. */
  commit(folder: string): Promise<void>;
}

export const FORGERIES: readonly Forgery[] = [
  {
    title: "a forged production date",
    deed: "makes the tea two weeks fresher: produced 2026-04-20 in place of 2026-04-06",
    expected: { code: "document.altered", victim: "cooperative: production" },
    commit: (folder) =>
      editEvents(folder, "cooperative.json", (events) => {
        for (const event of events) {
          if (event.type !== "TransformationEvent") continue;
          event.ilmd = { ...(event.ilmd as object), "tea:productionDate": "2026-04-20" };
        }
        return events;
      }),
  },
  {
    title: "a missing link",
    deed: "leaves out the event of the van's arrival",
    expected: { code: "document.missing", victim: "logistics: arriving" },
    commit: (folder) =>
      editEvents(folder, "logistics.json", (events) => events.filter(({ bizStep }) => bizStep !== "arriving")),
  },
  {
    title: "a swapped file",
    deed: "puts another lot's certificate in the place of this lot's",
    expected: { code: "document.altered", victim: "certificate.pdf" },
    commit: (folder) => replace(folder, "certificate.pdf", inspectionCertificate("2603150009")),
  },
];

/** Copies a folder of documents, for the forger to work on. Equal files are links: only what is changed takes room. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) await link(join(from, name), join(to, name));
}

async function editEvents(folder: string, name: string, edit: (events: EpcisEvent[]) => EpcisEvent[]): Promise<void> {
  const document = JSON.parse(await readFile(join(folder, name), "utf8"));
  document.epcisBody.eventList = edit(document.epcisBody.eventList);
  await replace(folder, name, JSON.stringify(document, null, 2));
}

/** Takes the old file away first: it may be a link to the honest one. */
async function replace(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  await rm(join(folder, name));
  await writeFile(join(folder, name), content);
}
