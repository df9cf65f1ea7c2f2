import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { expect } from "chai";
import { type Finding, runAudit } from "../../src/audit/audit.ts";
import { FileStoreCheck } from "../../src/audit/file-store.ts";
import { HostingFolder, newOwner, someBytes } from "../hosting/hosting-parts.ts";
import { openMigrated } from "../store/migrated-database.ts";

describe("the audit's check of the file store", () => {
  it("names the file of which a byte flipped on disk, and none before", async function () {
    this.timeout(60_000);
    const db = await openMigrated();
    const folder = new HostingFolder();
    try {
      const { parts, take } = await opened();
      const bytes = someBytes(3_000_000, 7);
      await take(bytes);
      const audit = async () => {
        const findings: Finding[] = [];
        const check = new FileStoreCheck(db, parts.store, parts.clock);
        await runAudit([check], { progress: () => {} }, (finding) => findings.push(finding));
        return findings;
      };
      expect(await audit()).to.deep.equal([]);
      const digest = createHash("sha256").update(bytes).digest();
      const kept = readFileSync(folder.pathOf(digest));
      kept[1_500_000] = (kept[1_500_000] as number) ^ 1;
      writeFileSync(folder.pathOf(digest), kept);
      const [finding, ...others] = await audit();
      expect(others).to.deep.equal([]);
      expect(finding).to.deep.include({ check: "files", place: "file store", part: "content" });
      expect(finding?.key).to.deep.equal({ subject: `content 0x${digest.toString("hex")}` });
    } finally {
      folder.remove();
      await db.close();
    }

    async function opened() {
      const hosting = await folder.open(db);
      const take = (bytes: Buffer) =>
        hosting.take(newOwner(), { size: bytes.length }, Readable.from([bytes], { objectMode: false }));
      return { parts: hosting.parts, take };
    }
  });
});
