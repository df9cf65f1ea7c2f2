import { object } from "../api/queries.ts";
import type { EvidenceRecord, RegistryObject } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { Card } from "./card.tsx";

/** Leads to the timeline that a record is a link of; nothing where its subject is no object. */
export function ObjectOfRecord({ record }: { record: EvidenceRecord }) {
  const { text } = useTexts();
  const found = useObjectOfRecord(record);
  if (!found) return null;
  return (
    <Card title={text("record.object")}>
      <div className="card-body">
        <ObjectLine object={found} />
      </div>
    </Card>
  );
}

function ObjectLine({ object: { id, length } }: { object: RegistryObject }) {
  const { text, counted } = useTexts();
  return (
    <p>
      <Link to={{ page: "object", id }}>{text("verdict.see-timeline")}</Link>{" "}
      <span className="soft">({counted("object.length", length)})</span>
    </p>
  );
}

/** What a record is about may be anything: most often an object, or nothing that the registry knows. */
function useObjectOfRecord({ subject }: EvidenceRecord): RegistryObject | undefined {
  const { data } = useQuery(`object of ${subject}`, async (signal) =>
    subject === null ? undefined : object(subject, signal),
  );
  return data;
}
