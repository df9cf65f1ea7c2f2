import { type DigestJob, type DigestNews, runDigestJob } from "./digest-job.ts";

// Runs beside the page, so that it stays responsive while a large file is read. The file never leaves the device.

const INTERVAL = 60;
let told = 0;

addEventListener("message", async ({ data }: MessageEvent<DigestJob>) => {
  try {
    const result = await runDigestJob(data, tellProgress);
    tell({ kind: "result", result });
  } catch {
    tell({ kind: "failed" });
  }
});

function tellProgress(done: number, total: number): void {
  const now = performance.now();
  if (done < total && now - told < INTERVAL) return;
  told = now;
  tell({ kind: "progress", done, total });
}

function tell(news: DigestNews): void {
  postMessage(news);
}
