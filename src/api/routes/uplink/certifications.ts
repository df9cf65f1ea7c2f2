import {
  CERTIFICATION_STEPS,
  type CertificationRequest,
  type CertificationStep,
  certificationForm,
  certificationStepForm,
  LEVEL_NAMES,
} from "../../../uplink/forms/certification.ts";
import { given } from "../../schema.ts";
import type { AddRoute } from "../route.ts";
import { addFormRoute } from "./hand-over.ts";

const SUMMARIES: Readonly<Record<CertificationStep, string>> = {
  suspensions: "Suspend one's own certification of an account",
  resumptions: "Resume one's own certification of an account",
  revocations: "Revoke one's own certification of an account",
};

/** POST /certifications, and /certifications/:holder/suspensions, /resumptions and /revocations */
export const handOverCertificationsRoute: AddRoute = (server, context) => {
  addFormRoute<CertificationRequest>(server, context, {
    path: "/certifications",
    summary: "Certify an account, or renew, raise or lower its certification",
    description: "`account` is the partner that certifies. The chain gets a digest, never the identity data.",
    properties: {
      holder: given.address("Account that is certified"),
      level: {
        type: "string",
        pattern: `^(${LEVEL_NAMES.join("|")}|[1-9][0-9]{0,2})$`,
        description: "Name of a level, or its number",
      },
      expiresAt: { type: "string", minLength: 10, maxLength: 40, description: "ISO 8601" },
      digest: given.hash("SSZ root of the salted identity fields"),
      responsible: { type: "boolean", description: "Whether the partner answers for an anonymous account's evidence" },
    },
    required: ["holder", "level", "expiresAt", "digest"],
    form: ({ book }, _terms, body) => certificationForm(book, body),
  });

  for (const step of Object.keys(CERTIFICATION_STEPS) as CertificationStep[]) {
    addFormRoute<{ ground: string }>(server, context, {
      path: `/certifications/:holder/${step}`,
      summary: SUMMARIES[step],
      properties: { ground: given.hash("Digest of the stated ground") },
      required: ["ground"],
      params: { holder: given.address("Account that was certified") },
      form: ({ book }, _terms, { ground }, { holder = "" }) => certificationStepForm(book, step, holder, ground),
    });
  }
};
