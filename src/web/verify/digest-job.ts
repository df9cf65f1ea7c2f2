import { parseStrict } from "../../core/canonical-json.ts";
import { createDigest, type Digest, type DigestAlgorithm, feedDigest } from "../../core/digest.ts";
import { type EpcisDocument, eventDigest, eventsOf } from "../../core/epcis.ts";
import { bytesToHex } from "../../core/hex.ts";

/** What the page asks its worker to do. */
export interface DigestJob {
  readonly file: File;
  readonly algorithms: readonly DigestAlgorithm[];
}

export type FileDigests = Partial<Record<DigestAlgorithm, string>>;

/** One event of a traceability export, which is recorded by itself. */
export interface EventDigest {
  readonly digest: string;
  /** Business step and time, as the event says. */
  readonly step: string | undefined;
  readonly time: string | undefined;
}

export interface DigestResult {
  readonly digests: FileDigests;
  /** Of a GS1 EPCIS 2.0 document; otherwise none. */
  readonly events: readonly EventDigest[];
}

/** What the worker tells the page. */
export type DigestNews =
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "result"; readonly result: DigestResult }
  | { readonly kind: "failed" };

// Larger exports than this are checked as a file only: parsing them would take much more memory than digesting.
const LARGEST_DOCUMENT = 32 * 1024 * 1024;

/** Digests a file once for all algorithms asked for, piece by piece, and the events in it if it is a trace export. */
export async function runDigestJob(
  { file, algorithms }: DigestJob,
  onProgress: (done: number, total: number) => void,
): Promise<DigestResult> {
  const digests = algorithms.map((algorithm) => ({ algorithm, digest: createDigest(algorithm) }));
  await feedDigest(all(digests.map(({ digest }) => digest)), file, (done) => onProgress(done, file.size));
  return {
    digests: Object.fromEntries(digests.map(({ algorithm, digest }) => [algorithm, bytesToHex(digest.digest())])),
    events: await eventsIn(file),
  };
}

/** Feeds several digests at once. Each is finished by itself. */
function all(digests: readonly Digest[]): Digest {
  return {
    update: (bytes) => {
      for (const digest of digests) digest.update(bytes);
    },
    digest: () => new Uint8Array(),
  };
}

async function eventsIn(file: File): Promise<EventDigest[]> {
  if (file.size > LARGEST_DOCUMENT || !/\.json(ld)?$/i.test(file.name)) return [];
  try {
    const document = parseStrict(new Uint8Array(await file.arrayBuffer()));
    if (!isDocument(document)) return [];
    return eventsOf(document).map((event) => ({
      digest: bytesToHex(eventDigest(event)),
      step: stepOf(event.bizStep),
      time: words(event.eventTime),
    }));
  } catch {
    // Not JSON, or not a document of this kind: then it is a file like any other.
    return [];
  }
}

function isDocument(value: unknown): value is EpcisDocument {
  const type = typeof value === "object" && value !== null ? (value as { type?: unknown }).type : undefined;
  return type === "EPCISDocument" || type === "EPCISQueryDocument";
}

/** The last word of a business step, which may be a bare word, a URN or a web address (CBV 2.0). */
function stepOf(value: unknown): string | undefined {
  return words(value)
    ?.split(/[:/]/)
    .at(-1)
    ?.replace(/^BizStep-/, "");
}

function words(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
