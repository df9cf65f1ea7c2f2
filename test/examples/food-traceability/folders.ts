import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillFolder } from "../../../examples/food-traceability/folder.ts";

export const LOT = "2612345678";

const folders: string[] = [];

/** A folder of its own for a test; `removeFolders` takes it away. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "brop-tea-test-"));
  folders.push(folder);
  return folder;
}

/** A folder with the documents of lot `LOT`. */
export async function filledFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), "honest");
  await fillFolder(folder, LOT);
  return folder;
}

export async function removeFolders(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
}
