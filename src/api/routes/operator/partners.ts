import {
  admitPartner,
  createApplicant,
  LEVELS,
  PARTNER_PERMISSIONS,
  publishDocument,
  resumePartner,
  setPermissions,
  suspendPartner,
  terminatePartner,
} from "../../../operator/acts/partners.ts";
import { assignClass } from "../../../operator/acts/quota.ts";
import { actRoute } from "./act-route.ts";
import { accountOf, fields, momentOf } from "./fields.ts";

const permissions = {
  ...{ type: "array", uniqueItems: true, items: { type: "string", enum: Object.keys(PARTNER_PERMISSIONS) } },
  description: "What its contract lets it do",
};
const partner = { account: fields.account("The partner") };
const grounded = { params: partner, body: { ground: fields.ground }, required: ["ground"], read: accountOf };

export const partnerActRoutes = [
  actRoute({
    path: "/operator/applicants",
    kind: createApplicant,
    summary: "Create an institution's account and certify it as applicant",
    description:
      "As applicant it can sign legal documents, and nothing else (ID-1). The same signer and salt give the same account.",
    body: {
      signer: {
        ...{ type: "string", pattern: "^0x(?:[0-9a-fA-F]{2}){20,1024}$" },
        description: "The institution's signer (ERC-7913): an address, or a verifier's address and a key",
      },
      salt: fields.hash("Any 32 bytes"),
      digest: fields.hash("Digest of the salted identity data"),
      expiresAt: fields.moment("When the certification ends"),
    },
    required: ["signer", "salt", "digest", "expiresAt"],
    read: (given) => ({ ...given, expiresAt: momentOf(given, "expiresAt") }),
  }),
  actRoute({
    path: "/operator/partners",
    kind: admitPartner,
    summary: "Admit an institution as partner",
    description:
      "It has signed the legal document in force as applicant (GO-1). Admission, certification and quota class are a transaction " +
      "each; what stands already is left out.",
    body: {
      account: fields.account("The institution"),
      name: { type: "string", minLength: 1, maxLength: 200, description: "Public name, which nobody else has or had" },
      permissions,
      document: fields.name("Name of the legal document; by default `partner-agreement`"),
      level: { type: "string", enum: Object.keys(LEVELS), description: "By default `digital-certificate`" },
      quotaClass: { type: "integer", minimum: 1, maximum: 255, description: "By default 16, the partners'" },
      digest: fields.hash("Digest of the salted identity data"),
      expiresAt: fields.moment("When the certification ends"),
    },
    required: ["account", "name", "permissions", "digest", "expiresAt"],
    read: async (given, context) => ({
      ...(await accountOf(given, context)),
      expiresAt: momentOf(given, "expiresAt"),
    }),
  }),
  actRoute({
    path: "/operator/partners/:account/permissions",
    kind: setPermissions,
    summary: "Change what a partner may do",
    params: partner,
    body: { permissions },
    required: ["permissions"],
    read: accountOf,
  }),
  actRoute({
    ...grounded,
    path: "/operator/partners/:account/suspension",
    kind: suspendPartner,
    summary: "Suspend a partner",
    description: "It issues nothing new; what it certified stays live.",
  }),
  actRoute({
    ...grounded,
    path: "/operator/partners/:account/reinstatement",
    kind: resumePartner,
    summary: "Reinstate a suspended partner",
    description: "What an order suspended only an order reinstates.",
  }),
  actRoute({
    ...grounded,
    path: "/operator/partners/:account/termination",
    kind: terminatePartner,
    summary: "Terminate a partner for good",
  }),
  actRoute({
    path: "/operator/accounts/:account/quota-class",
    kind: assignClass,
    summary: "Give an account the quota class agreed for its business",
    params: { account: fields.account("The account") },
    body: {
      quotaClass: { type: "integer", minimum: 0, maximum: 255, description: "Number of the class; 0 takes it back" },
    },
    required: ["quotaClass"],
    read: accountOf,
  }),
  actRoute({
    path: "/operator/documents",
    kind: publishDocument,
    summary: "Publish a legal document, or its next version",
    body: {
      document: fields.name("Name of the document"),
      digest: fields.hash("SHA-256 of its text"),
      location: fields.location("Where the text can be had"),
    },
    required: ["document", "digest", "location"],
  }),
];
