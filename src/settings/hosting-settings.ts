import { address, byteCount, type Setting, wholeNumber } from "./setting-values.ts";

/** Settings of the file store. */
export interface HostingConfig {
  files: string | undefined;
  fileLimit: number;
  fileQuota: number;
  fileReserve: number;
  uploadHours: number;
  scrubDays: number;
  s3Url: string | undefined;
  s3Region: string;
  s3Key: string | undefined;
  s3Secret: string | undefined;
}

type HostingSettings = { readonly [Name in keyof HostingConfig]: Setting<Exclude<HostingConfig[Name], undefined>> };

/** Part of the one table of settings (src/config.ts). */
export const HOSTING_SETTINGS: HostingSettings = {
  files: {
    environment: "BROP_FILES",
    placeholder: "DIR",
    description: "Folder of hosted files and of uploads that are on their way; without it `files` in the data folder",
    parse: (text) => text,
  },
  fileLimit: {
    environment: "BROP_FILE_LIMIT",
    placeholder: "BYTES",
    fallback: "64GiB",
    description: "Largest hosted file, as every size here in bytes or with KiB, MiB, GiB or TiB behind the number",
    parse: byteCount,
  },
  fileQuota: {
    environment: "BROP_FILE_QUOTA",
    placeholder: "BYTES",
    fallback: "100GiB",
    description: "Room for hosted files of a partner to which the operator gave no other",
    parse: byteCount,
  },
  fileReserve: {
    environment: "BROP_FILE_RESERVE",
    placeholder: "BYTES",
    fallback: "1GiB",
    description: "Room on the disk that uploads leave free",
    parse: byteCount,
  },
  uploadHours: {
    environment: "BROP_UPLOAD_HOURS",
    placeholder: "HOURS",
    fallback: "168",
    description: "How long an upload that is not complete waits for more",
    parse: wholeNumber(1, 8_760),
  },
  scrubDays: {
    environment: "BROP_SCRUB_DAYS",
    placeholder: "DAYS",
    fallback: "30",
    description: "Within how many days each hosted file is read again and compared with its digest",
    parse: wholeNumber(1, 3_650),
  },
  s3Url: {
    environment: "BROP_S3",
    placeholder: "URL",
    description:
      "Bucket of an S3-compatible service that keeps hosted files, `https://SERVICE/BUCKET`; without it they are in the folder",
    parse: address(["http:", "https:"]),
  },
  s3Region: {
    environment: "BROP_S3_REGION",
    placeholder: "REGION",
    fallback: "us-east-1",
    description: "Region of the bucket, for the signature",
    parse: (text) => text,
  },
  s3Key: {
    environment: "BROP_S3_KEY",
    placeholder: "ID",
    description: "Access key identifier for the bucket",
    parse: (text) => text,
  },
  s3Secret: {
    environment: "BROP_S3_SECRET",
    placeholder: "SECRET",
    description: "Secret access key for the bucket",
    secret: true,
    parse: (text) => text,
  },
};
