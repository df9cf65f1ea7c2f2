import { join } from "node:path";
import type { Config } from "../../config.ts";
import { systemClock } from "../../core/clock.ts";
import { BropError } from "../../core/errors.ts";
import type { ContentStore } from "../../hosting/content-store.ts";
import { DiskStore } from "../../hosting/disk-store.ts";
import { Hosting } from "../../hosting/hosting.ts";
import { Keeper } from "../../hosting/keeper.ts";
import type { HostingLimits } from "../../hosting/limits.ts";
import { S3Store } from "../../hosting/s3-store.ts";
import { Staging } from "../../hosting/staging.ts";
import { countContents, oldestCheck } from "../../store/queries/hosting/contents.ts";
import { countOpenUploads } from "../../store/queries/hosting/uploads.ts";
import type { DataFolder } from "../data-folder.ts";
import type { Measurement } from "../metrics.ts";
import type { ServicesOptions } from "./options.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Opens the file store, and starts to look after it. */
export async function startHosting(options: ServicesOptions): Promise<Hosting> {
  const { config, folder, db, logger, cleanup } = options;
  const root = config.files ?? folder.files;
  const staging = new Staging(join(root, "uploads"));
  await staging.open();
  const store = await openContentStore(config, folder);
  if (store instanceof DiskStore) await store.tidy();
  const hosting = new Hosting({
    ...{ db, store, staging, limits: limitsOf(config), clock: systemClock },
    logger: logger.child({ part: "hosting" }),
  });
  const keeper = new Keeper(hosting);
  keeper.start();
  cleanup.add(() => keeper.stop());
  cleanup.add(() => hosting.stop());
  return hosting;
}

/**
 * The store that is configured, as it is.
 * @throws BropError `configuration.invalid`, `service.unavailable` for a bucket that can not be read
 */
export async function openContentStore(config: Config, folder: Pick<DataFolder, "files">): Promise<ContentStore> {
  const { s3Url, s3Region, s3Key, s3Secret } = config;
  if (s3Url !== undefined) {
    if (s3Key === undefined || s3Secret === undefined) {
      const reason = "a bucket needs a key";
      throw new BropError("configuration.invalid", { setting: "BROP_S3_KEY, BROP_S3_SECRET", reason });
    }
    const store = new S3Store({ url: s3Url, region: s3Region, key: s3Key, secret: s3Secret });
    await store.check();
    return store;
  }
  return new DiskStore(join(config.files ?? folder.files, "contents"));
}

function limitsOf({ fileLimit, fileQuota, fileReserve, uploadHours, scrubDays }: Config): HostingLimits {
  return {
    ...{ largestFile: fileLimit, quota: fileQuota, reserve: fileReserve },
    ...{ uploadPatience: uploadHours * HOUR, scrubInterval: scrubDays * DAY },
  };
}

/** What the store holds, what is wrong with it, and whether it is looked after. */
export function hostingMeasurements({ parts: { db, staging, clock } }: Hosting): Measurement[] {
  return [
    {
      name: "brop_files_contents",
      help: "Contents in the file store",
      read: async () => (await countContents(db)).contents,
    },
    { name: "brop_files_bytes", help: "Bytes in the file store", read: async () => (await countContents(db)).bytes },
    {
      name: "brop_files_damaged",
      help: "Contents in the file store that are not as they were given; any is to be looked at",
      read: async () => (await countContents(db)).damaged,
    },
    { name: "brop_files_uploads", help: "Uploads that are not complete", read: () => countOpenUploads(db) },
    { name: "brop_files_free_bytes", help: "Free bytes on the disk that takes uploads", read: () => staging.free() },
    {
      name: "brop_files_oldest_check_seconds",
      help: "Time since the content that was not checked for longest was checked; 0 without one",
      async read() {
        const oldest = await oldestCheck(db);
        return oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest) / 1_000);
      },
    },
  ];
}
