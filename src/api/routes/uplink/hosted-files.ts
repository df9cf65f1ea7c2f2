import { BropError } from "../../../core/errors.ts";
import { bytesToHex } from "../../../core/hex.ts";
import type { Caller } from "../../../uplink/form.ts";
import {
  type HostedFileRequest,
  hostedFileEndForm,
  hostedFileExtensionForm,
  hostedFileForm,
} from "../../../uplink/forms/hosted-file.ts";
import type { ApiContext } from "../../context.ts";
import { addressDigestOf, hostingOf } from "../../files/hosting-context.ts";
import { parseTime } from "../../parse-time.ts";
import { given } from "../../schema.ts";
import { fileId } from "../../shapes/file.ts";
import type { AddRoute } from "../route.ts";
import { addFormRoute } from "./hand-over.ts";

const end = { type: "string", maxLength: 40, description: "ISO 8601: end of its term, which the chain has in seconds" };
const contentDigest = given.hash("SHA-256 of its bytes");

interface Registration {
  file?: string;
  contentDigest?: string;
  addressDigest?: string;
  size?: number;
  until?: string;
}

/** POST /hosted-files, /hosted-files/extensions and /hosted-files/ends */
export const handOverHostedFilesRoute: AddRoute = (server, context) => {
  addFormRoute<Registration>(server, context, {
    path: "/hosted-files",
    summary: "Register a file that is kept off chain",
    description:
      "`file` names one that is kept here: its digest, size and address are known, and its end is that of its term unless " +
      "another is given. For a file that one keeps oneself give `contentDigest`, `addressDigest` and `size`.",
    properties: {
      file: fileId,
      contentDigest,
      addressDigest: given.hash("SHA-256 of the address under which it can be had"),
      size: { ...given.number("Bytes"), minimum: 1 },
      until: end,
    },
    form: async ({ book }, _terms, body, _params, caller) =>
      hostedFileForm(book, await described(context, body, caller)),
  });

  addFormRoute<{ contentDigest: string; until: string }>(server, context, {
    path: "/hosted-files/extensions",
    summary: "Prolong the term of a registered file",
    properties: { contentDigest, until: end },
    required: ["contentDigest", "until"],
    form: ({ book }, _terms, body) => hostedFileExtensionForm(book, body.contentDigest, seconds(body.until)),
  });

  addFormRoute<{ contentDigest: string }>(server, context, {
    path: "/hosted-files/ends",
    summary: "End the term of a registered file now",
    properties: { contentDigest },
    required: ["contentDigest"],
    form: ({ book }, _terms, body) => hostedFileEndForm(book, body.contentDigest),
  });
};

async function described(context: ApiContext, body: Registration, caller: Caller): Promise<HostedFileRequest> {
  const { file: id, until } = body;
  if (id === undefined) {
    const { contentDigest: digest, addressDigest, size } = body;
    if (digest === undefined || addressDigest === undefined || size === undefined || until === undefined) {
      const reason = "give a file, or contentDigest, addressDigest, size and until";
      throw new BropError("request.invalid", { field: "file", reason });
    }
    return { contentDigest: digest, addressDigest, size, until: seconds(until) };
  }
  for (const field of ["contentDigest", "addressDigest", "size"] as const) {
    if (body[field] === undefined) continue;
    throw new BropError("request.invalid", { field, reason: "is known of the file that is named" });
  }
  const hosting = hostingOf(context);
  const { digest, size, termEnds, deletedAt } = await hosting.hosting.files.own(caller, id);
  if (deletedAt !== null) throw new BropError("file.deleted", { file: id, deletedAt: new Date(deletedAt) });
  if (until === undefined && termEnds === null) {
    throw new BropError("request.invalid", { field: "until", reason: "is needed: the file has no end of its own" });
  }
  const last = until === undefined ? Math.floor((termEnds ?? 0) / 1_000) : seconds(until);
  return { contentDigest: bytesToHex(digest), addressDigest: addressDigestOf(hosting, id), size, until: last };
}

const seconds = (text: string) => Math.floor(parseTime("until", text) / 1_000);
