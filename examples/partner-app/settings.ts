import { readFile, writeFile } from "node:fs/promises";

/** What the shop knows of itself; one file that its owner alone can read. */
export interface Settings {
  /** Address of the platform. */
  platform: string;
  /** The shop's account on the chain. */
  account: string;
  /** Private key that signs for the account. A real shop keeps it in a key management service. */
  ownerKey: string;
  /** API key of the platform. */
  apiKey: string;
}

export async function readSettings(file: string): Promise<Settings> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`There is no ${file}: run set-up.ts first, while a platform runs`);
  }
}

export async function writeSettings(file: string, settings: Settings): Promise<void> {
  await writeFile(file, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
}
