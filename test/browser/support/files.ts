import type { Locator, Page } from "playwright-core";

export interface GivenFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Chooses files as the file dialogue does. */
export async function choose(place: Page | Locator, files: readonly GivenFile[]): Promise<void> {
  const given = files.map(({ name, content }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) }));
  await place.locator("input[type=file]").setInputFiles(given);
}

/** Drops files as a mouse does. */
export async function drop(page: Page, files: readonly GivenFile[], place = ".drop-zone"): Promise<void> {
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const { name, content } of given) data.items.add(new File([content as string], name));
    return data;
  }, files);
  await page.locator(place).dispatchEvent("drop", { dataTransfer: transfer });
}
