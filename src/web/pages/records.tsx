import { records } from "../api/queries.ts";
import { PageHead } from "../components/page-head.tsx";
import { RecordList } from "../components/record-table.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { nextPage, useList } from "../components/use-list.ts";
import { useTexts } from "../language/language-context.tsx";

export function RecordsPage() {
  const { text } = useTexts();
  const list = useList("records", (cursor, signal) => records(nextPage(cursor), signal));
  const empty = { title: text("state.empty.records"), words: text("state.empty.records.words") };
  return (
    <>
      <PageHead title={text("records.title")} words={text("records.words")} />
      <div className="stack">
        <SearchBox />
        <div className="card">
          <RecordList list={list} empty={empty} />
        </div>
      </div>
    </>
  );
}
