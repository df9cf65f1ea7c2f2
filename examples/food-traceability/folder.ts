import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inspectionCertificate } from "./certificate.ts";
import { transportReadings } from "./readings.ts";
import { roastingRecording } from "./recording.ts";
import { ROLES, WRITTEN_LOT } from "./story.ts";

const INPUT = new URL("./input/", import.meta.url);

/**
 * Puts a lot's documents into a folder, as the institutions' own systems would hand them over: five exports of trace
 * events, a certificate, a picture, readings and a recording.
 */
export async function fillFolder(folder: string, lot: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    ...ROLES.map(async (role) => {
      const text = await readFile(new URL(`${role}.json`, INPUT), "utf8");
      await writeFile(join(folder, `${role}.json`), text.replaceAll(WRITTEN_LOT, lot));
    }),
    copyFile(new URL("label.png", INPUT), join(folder, "label.png")),
    writeFile(join(folder, "certificate.pdf"), inspectionCertificate(lot)),
    writeFile(join(folder, "readings.csv"), transportReadings(lot)),
    writeFile(join(folder, "roasting.y4m"), roastingRecording(lot)),
  ]);
}
