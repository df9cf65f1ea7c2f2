import type { EvidenceRecord } from "../api/types.ts";
import { algorithmName } from "../format/algorithm.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { AccountLink } from "./account-link.tsx";
import { Facts } from "./card.tsx";
import { WholeHash } from "./hash.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { Time } from "./times.tsx";

/** Everything that the chain says about a record. */
export function RecordFacts({ record }: { record: EvidenceRecord }) {
  const { text } = useTexts();
  const hash = (value: string | null, what: string) => value !== null && <WholeHash value={value} what={what} />;
  return (
    <Facts
      rows={[
        [text("record.status"), <StatusBadge key="status" status={record.status} />],
        [
          text("record.superseded-by"),
          record.supersededBy !== null && (
            <WholeHash
              value={record.supersededBy}
              what={text("record.superseded-by")}
              to={{ page: "record", id: record.supersededBy }}
            />
          ),
        ],
        [text("record.reason"), hash(record.reason, text("record.reason"))],
        [text("record.when"), <Time key="time" value={record.recordedAt} />],
        [text("record.owner"), <AccountLink key="owner" address={record.owner} />],
        [text("record.responsible"), record.responsible !== null && <AccountLink address={record.responsible} />],
        [text("record.digest"), hash(record.digest, text("record.digest"))],
        [text("record.algorithm"), algorithmName(record.algorithm)],
        [text("record.kind"), record.kind === 0 ? text("record.kind.none") : String(record.kind)],
        [text("record.subject"), hash(record.subject, text("record.subject"))],
        [text("record.business-key"), hash(record.businessKey, text("record.business-key"))],
        [text("record.refers-to"), hash(record.refersTo, text("record.refers-to"))],
        [text("record.id"), hash(record.id, text("record.id"))],
        [
          text("record.block"),
          <Link key="block" to={{ page: "block", number: String(record.blockNumber) }}>
            {record.blockNumber}
          </Link>,
        ],
        [text("record.transaction"), hash(record.transactionHash, text("record.transaction"))],
      ]}
    />
  );
}
