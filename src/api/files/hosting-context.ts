import { createHash } from "node:crypto";
import { BropError } from "../../core/errors.ts";
import { bytesToHex } from "../../core/hex.ts";
import type { Hosting } from "../../hosting/hosting.ts";
import type { FileRow } from "../../store/queries/hosting/files.ts";
import { showFile } from "../shapes/file.ts";
import { Transfers } from "./transfers.ts";

/** What the routes of files work with. */
export interface HostingContext {
  hosting: Hosting;
  /** Address under which others reach the platform: files are told, and registered on chain, with it. */
  publicUrl: string;
  transfers: Transfers;
}

export function hostingContext(hosting: Hosting, publicUrl: string): HostingContext {
  return { hosting, publicUrl: publicUrl.replace(/\/+$/, ""), transfers: new Transfers() };
}

/** @throws BropError `service.unavailable` where no file store is at hand */
export function hostingOf({ hosting }: { hosting?: HostingContext | undefined }): HostingContext {
  if (hosting === undefined) throw new BropError("service.unavailable", { reason: "no file store is at hand here" });
  return hosting;
}

/** Where a file's bytes can be had. */
export function addressOf({ publicUrl }: HostingContext, id: string): string {
  return `${publicUrl}/v1/files/${id}/content`;
}

/** SHA-256 of a file's address, as HostedFiles has it. */
export function addressDigestOf(context: HostingContext, id: string): string {
  return bytesToHex(createHash("sha256").update(addressOf(context, id)).digest());
}

export function shownFile(context: HostingContext, file: FileRow) {
  return showFile(file, addressOf(context, file.id), addressDigestOf(context, file.id));
}
