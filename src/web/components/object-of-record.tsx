import { object } from "../api/queries.ts";
import type { EvidenceRecord } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { Card } from "./card.tsx";

/** Leads to the timeline that a record is a link of; nothing where its subject is no object. */
export function ObjectOfRecord({ record: { subject } }: { record: EvidenceRecord }) {
  const { text, counted } = useTexts();
  const { data } = useQuery(`object of ${subject}`, async (signal) =>
    subject === null ? null : object(subject, signal),
  );
  if (!data) return null;
  return (
    <Card title={text("record.object")}>
      <div className="card-body">
        <p>
          <Link to={{ page: "object", id: data.id }}>{text("verdict.see-timeline")}</Link>{" "}
          <span className="soft">({counted("object.length", data.length)})</span>
        </p>
      </div>
    </Card>
  );
}
