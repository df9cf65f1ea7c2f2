import type { EvidenceRecord } from "../api/types.ts";
import { useTexts } from "../language/language-context.tsx";
import { AccountLink } from "./account-link.tsx";
import { Hash } from "./hash.tsx";
import { StatusBadge } from "./status-badge.tsx";
import { type Column, ListTable, Table } from "./table.tsx";
import { Age, Time } from "./times.tsx";
import type { List } from "./use-list.ts";

const keyOf = (record: EvidenceRecord) => record.id;

/** Records at hand; `brief` tells how long ago instead of when. */
export function RecordTable({ records, brief }: { records: readonly EvidenceRecord[]; brief?: boolean }) {
  const { text } = useTexts();
  return <Table caption={text("records.title")} columns={useRecordColumns(brief)} items={records} keyOf={keyOf} />;
}

interface RecordListProps {
  readonly list: List<EvidenceRecord>;
  readonly empty: { readonly title: string; readonly words?: string };
  /** All are of one owner, whom the page names. */
  readonly oneOwner?: boolean;
}

/** Records page by page. */
export function RecordList({ oneOwner = false, ...properties }: RecordListProps) {
  const { text } = useTexts();
  const columns = useRecordColumns().filter(({ title }) => !oneOwner || title !== text("record.owner"));
  return <ListTable caption={text("records.title")} columns={columns} keyOf={keyOf} {...properties} />;
}

function useRecordColumns(brief = false): Column<EvidenceRecord>[] {
  const { text } = useTexts();
  return [
    {
      title: text("record.digest"),
      cell: ({ digest, id }) => <Hash value={digest} to={{ page: "record", id }} digits={brief ? 4 : 6} />,
    },
    { title: text("record.owner"), cell: ({ owner }) => <AccountLink address={owner} /> },
    {
      title: text("record.when"),
      cell: ({ recordedAt }) => (brief ? <Age value={recordedAt} /> : <Time value={recordedAt} />),
    },
    { title: text("record.status"), cell: ({ status }) => <StatusBadge status={status} /> },
  ];
}
