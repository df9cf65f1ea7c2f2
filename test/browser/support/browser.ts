import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { findChromium } from "../../../scripts/testing/chromium.ts";

// A browser that talks to nobody of its own accord.
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium; undefined, after a line that says so, where there is none. */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    console.log("    no Chromium on the path (set BROP_CHROMIUM): browser tests are skipped");
    return undefined;
  }
  return chromium.launch({ executablePath, args: QUIET });
}

/** A page that keeps account of what must not happen. */
export interface WatchedPage {
  readonly page: Page;
  /** Breaches of the content security policy, script errors, and requests that leave this machine. */
  readonly breaches: readonly string[];
  close(): Promise<void>;
}

export interface PageOptions {
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
}

export async function openPage(browser: Browser, options: PageOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const breaches: string[] = [];
  page.on("pageerror", (error) => breaches.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) breaches.push(message.text());
  });
  await refuseOutside(context, breaches);
  return { page, breaches, close: () => context.close() };
}

async function refuseOutside(context: BrowserContext, breaches: string[]): Promise<void> {
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.hostname === "127.0.0.1" || url.protocol === "blob:") return route.continue();
    breaches.push(`request to ${url}`);
    return route.abort();
  });
}

/** The text that a visitor sees there: nothing that is folded away. */
export async function shownText(place: Locator): Promise<string> {
  await place.first().waitFor();
  return (await place.allInnerTexts()).join("\n");
}

/** Waits until a page shows its answers. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  // Not waitForFunction: it evaluates text, which the site's security policy forbids.
  while ((await page.locator(".loading").count()) > 0) await page.waitForTimeout(20);
}
