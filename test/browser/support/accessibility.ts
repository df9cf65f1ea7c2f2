import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds, one line each. It is put into the page past the security policy, as a browser's extension would be. */
export async function violations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe.source });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run().then(({ violations }) => JSON.stringify(violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => id + ": " + html + " " + failureSummary))))`,
    awaitPromise: true,
  });
  return JSON.parse(result.value);
}
