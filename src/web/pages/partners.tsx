import { partners } from "../api/queries.ts";
import { PageHead } from "../components/page-head.tsx";
import { PartnerList } from "../components/partner-table.tsx";
import { nextPage, useList } from "../components/use-list.ts";
import { useTexts } from "../language/language-context.tsx";

export function PartnersPage() {
  const { text } = useTexts();
  const list = useList("partners", (cursor, signal) => partners(nextPage(cursor), signal));
  return (
    <>
      <PageHead title={text("partners.title")} words={text("partners.words")} />
      <div className="card">
        <PartnerList list={list} />
      </div>
    </>
  );
}
