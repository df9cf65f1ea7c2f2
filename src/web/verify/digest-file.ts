import { BropError } from "../../core/errors.ts";
import type { DigestJob, DigestNews, DigestResult } from "./digest-job.ts";

export interface DigestFileOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Digests a file in a worker of its own.
 * @throws BropError `file.unreadable` when the browser can not read it; an aborted job throws the signal's reason
 */
export function digestFile(job: DigestJob, { signal, onProgress }: DigestFileOptions): Promise<DigestResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./digest-worker.ts", import.meta.url), { type: "module" });
    const end = () => {
      worker.terminate();
      signal.removeEventListener("abort", abort);
    };
    const abort = () => {
      end();
      reject(signal.reason);
    };
    const fail = () => {
      end();
      reject(new BropError("file.unreadable", { path: job.file.name }));
    };
    worker.addEventListener("error", fail);
    worker.addEventListener("message", ({ data: news }: MessageEvent<DigestNews>) => {
      if (news.kind === "progress") onProgress(news.done, news.total);
      else if (news.kind === "failed") fail();
      else {
        end();
        resolve(news.result);
      }
    });
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    worker.postMessage(job);
  });
}
