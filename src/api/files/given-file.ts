import { BropError } from "../../core/errors.ts";
import { checkFileName, checkMediaType } from "../../hosting/terms.ts";
import type { UploadRequest } from "../../hosting/uploads.ts";
import type { Visibility } from "../../store/queries/hosting/files.ts";
import { parseTime } from "../parse-time.ts";

/** What an owner says about a file, as it comes in a query or in tus' metadata. */
export interface GivenFile {
  name?: string | undefined;
  mediaType?: string | undefined;
  visibility?: string | undefined;
  until?: string | undefined;
  retainUntil?: string | undefined;
}

/** @throws BropError `request.invalid` naming the member */
export function readGivenFile({
  name,
  mediaType,
  visibility,
  until,
  retainUntil,
}: GivenFile): Omit<UploadRequest, "size"> {
  if (visibility !== undefined && visibility !== "private" && visibility !== "public") {
    throw new BropError("request.invalid", { field: "visibility", reason: "must be private or public" });
  }
  return {
    name: name === undefined ? undefined : checkFileName(name),
    // Browsers say nothing for what they do not know.
    mediaType: mediaType === undefined || mediaType === "" ? undefined : checkMediaType(mediaType),
    visibility: visibility as Visibility | undefined,
    termEnds: until === undefined ? undefined : parseTime("until", until),
    retainedUntil: retainUntil === undefined ? undefined : parseTime("retainUntil", retainUntil),
  };
}
