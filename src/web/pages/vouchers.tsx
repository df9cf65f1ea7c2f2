import { vouchers } from "../api/queries.ts";
import { PageHead } from "../components/page-head.tsx";
import { nextPage, useList } from "../components/use-list.ts";
import { VoucherList } from "../components/voucher-table.tsx";
import { useTexts } from "../language/language-context.tsx";

export function VouchersPage() {
  const { text } = useTexts();
  const list = useList("vouchers", (cursor, signal) => vouchers(nextPage(cursor), signal));
  const empty = { title: text("state.empty.vouchers"), words: text("state.empty.vouchers.words") };
  return (
    <>
      <PageHead title={text("vouchers.title")} words={text("vouchers.words")} />
      <div className="card">
        <VoucherList list={list} empty={empty} />
      </div>
    </>
  );
}
