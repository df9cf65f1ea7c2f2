import type { Certification } from "../api/types.ts";
import { useTexts } from "../language/language-context.tsx";
import { CertifierLink } from "./account-link.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { Table } from "./table.tsx";
import { Day } from "./times.tsx";
import { useLevelName } from "./use-level-name.ts";

/** Who certified an account, at which level and until when. An active one past its end is shown as expired. */
export function CertificationTable({ certifications }: { certifications: readonly Certification[] }) {
  const { text } = useTexts();
  const levelName = useLevelName();
  const now = Date.now();
  return (
    <Table
      caption={text("account.certifications")}
      items={certifications}
      keyOf={({ certifier, blockNumber }) => `${certifier} ${blockNumber}`}
      columns={[
        { title: text("certification.certifier"), cell: ({ certifier }) => <CertifierLink address={certifier} /> },
        {
          title: text("certification.level"),
          cell: ({ level, responsible }) => (
            <>
              {levelName(level)}
              {responsible && <span className="soft small"> · {text("certification.responsible")}</span>}
            </>
          ),
        },
        { title: text("certification.issued"), cell: ({ issuedAt }) => <Day value={issuedAt} /> },
        { title: text("certification.expires"), cell: ({ expiresAt }) => <Day value={expiresAt} /> },
        {
          title: text("certification.status"),
          cell: ({ status, expiresAt }) => (
            <StatusBadge status={status === "active" && Date.parse(expiresAt) <= now ? "expired" : status} />
          ),
        },
      ]}
    />
  );
}
