import { digestFile } from "../core/digest.node.ts";
import type { DigestAlgorithm } from "../core/digest.ts";
import type { GlobalOptions } from "./options.ts";
import { progressBar } from "./progress-bar.ts";

/** The digest of a file, with a progress bar for a large one. @throws BropError `file.not-found`, `file.unreadable` */
export function digestWithBar(options: GlobalOptions, path: string, algorithm: DigestAlgorithm): Promise<Uint8Array> {
  return digestFile(path, { algorithm, onProgress: progressBar(path, options) });
}
