import { BropError } from "../../core/errors.ts";
import type { DigestJob, DigestNews, DigestResult } from "./digest-job.ts";

export interface DigestFileOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** A worker that has nothing to do: its code is there already, also when the network is not. */
let spare: Worker | undefined;

/** Gets a worker ready, so that files can be digested after the network is gone. */
export function prepareDigest(): void {
  spare ??= newWorker();
}

/**
 * Digests a file in a worker.
 * @throws BropError `file.unreadable` when the browser can not read it; an aborted job throws the signal's reason
 */
export function digestFile(job: DigestJob, { signal, onProgress }: DigestFileOptions): Promise<DigestResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const worker = spare ?? newWorker();
    spare = undefined;
    const listening = new AbortController();
    const end = (keep: boolean) => {
      listening.abort();
      if (keep && spare === undefined) spare = worker;
      else worker.terminate();
    };
    const fail = () => {
      end(false);
      reject(new BropError("file.unreadable", { path: job.file.name }));
    };
    const abort = () => {
      end(false);
      reject(signal.reason);
    };
    const hear = ({ data: news }: MessageEvent<DigestNews>) => {
      if (news.kind === "progress") onProgress(news.done, news.total);
      else if (news.kind === "failed") fail();
      else {
        end(true);
        resolve(news.result);
      }
    };
    worker.addEventListener("error", fail, { signal: listening.signal });
    worker.addEventListener("message", hear, { signal: listening.signal });
    signal.addEventListener("abort", abort, { signal: listening.signal });
    worker.postMessage(job);
  });
}

function newWorker(): Worker {
  return new Worker(new URL("./digest-worker.ts", import.meta.url), { type: "module" });
}
