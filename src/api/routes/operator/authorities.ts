import { attachBlockToken, registerAuthority, retireAuthority } from "../../../operator/acts/authorities.ts";
import { actRoute } from "./act-route.ts";
import { fields, momentOf } from "./fields.ts";

export const authorityActRoutes = [
  actRoute({
    path: "/operator/timestamp-authorities",
    kind: registerAuthority,
    summary: "Register a time-stamping authority",
    description:
      "Under the certificate that its tokens are signed with; a renewed certificate is registered anew (EV-2).",
    body: {
      certificateDigest: fields.hash("SHA-256 of the certificate (DER)"),
      notBefore: fields.moment("First second of the certificate's validity"),
      notAfter: fields.moment("Last second of the certificate's validity"),
      policy: {
        ...{ type: "string", pattern: "^[0-2](\\.(0|[1-9]\\d*))+$", maxLength: 200 },
        description: "Object identifier of its time-stamping policy",
      },
      location: fields.location("Where the certificate and its chain can be had"),
    },
    required: ["certificateDigest", "notBefore", "notAfter", "policy", "location"],
    read: (given) => ({
      ...given,
      notBefore: momentOf(given, "notBefore"),
      notAfter: momentOf(given, "notAfter"),
    }),
  }),
  actRoute({
    path: "/operator/block-timestamps",
    kind: attachBlockToken,
    summary: "Put the digest of a block's time stamp on chain",
    description: "The platform does so by itself for the blocks that it has stamped; this is for tokens of other ways.",
    body: {
      blockNumber: fields.number("Number of a block among the last 256"),
      authority: { ...fields.number("Number of the authority"), maximum: 2 ** 32 - 1 },
      tokenDigest: fields.hash("SHA-256 of the token (DER)"),
      time: fields.moment("Time that the token states"),
    },
    required: ["blockNumber", "authority", "tokenDigest", "time"],
    read: (given) => ({ ...given, time: momentOf(given, "time") }),
  }),
  actRoute({
    path: "/operator/timestamp-authorities/:authority/retirement",
    kind: retireAuthority,
    summary: "Take no more tokens of a time-stamping authority, for good",
    params: { authority: { ...fields.number("Number of the authority"), maximum: 2 ** 32 - 1 } },
    body: { ground: fields.ground },
    required: ["ground"],
  }),
];
