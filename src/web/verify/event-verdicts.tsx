import { AccountLink } from "../components/account-link.tsx";
import { Card } from "../components/card.tsx";
import { Hash } from "../components/hash.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/times.tsx";
import { useTexts } from "../language/language-context.tsx";
import type { FileVerdict } from "./lookup.ts";

type EventVerdict = FileVerdict["events"][number];

/** Each event of a traceability export with what is on record for it. */
export function EventVerdicts({ subject, events }: { subject: string; events: readonly EventVerdict[] }) {
  const { text } = useTexts();
  const numbered = events.map((event, index) => ({ ...event, number: index + 1 }));
  const missing = events.filter(({ verdict }) => verdict.outcome === "absent").length;
  return (
    <Card
      title={text("verify.events")}
      aside={<span className="soft small">{subject}</span>}
      words={
        <>
          {text("verify.events.words")}{" "}
          {text("verify.events.found", { found: events.length - missing, all: events.length })}
        </>
      }
    >
      <Table
        caption={text("verify.events")}
        items={numbered}
        keyOf={({ number }) => String(number)}
        columns={[
          { title: text("verify.event"), cell: ({ number, step }) => `${number}${step ? ` · ${step}` : ""}` },
          {
            title: text("record.digest"),
            cell: ({ digest, verdict }) => (
              <Hash value={digest} to={verdict.record && { page: "record", id: verdict.record.id }} />
            ),
          },
          {
            title: text("record.owner"),
            cell: ({ verdict }) => (verdict.record ? <AccountLink address={verdict.record.owner} /> : "–"),
          },
          {
            title: text("record.when"),
            cell: ({ verdict }) => (verdict.record ? <Time value={verdict.record.recordedAt} /> : "–"),
          },
          {
            title: text("record.status"),
            cell: ({ verdict }) => <StatusBadge status={verdict.record?.status ?? "absent"} />,
          },
        ]}
      />
    </Card>
  );
}
