import { blocks } from "../api/queries.ts";
import { BlockList } from "../components/block-table.tsx";
import { PageHead } from "../components/page-head.tsx";
import { nextPage, useList } from "../components/use-list.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

export function BlocksPage() {
  const { text } = useTexts();
  const list = useList("blocks", (cursor, signal) => blocks(nextPage(cursor), signal));
  return (
    <>
      <PageHead
        title={text("blocks.title")}
        words={
          <>
            {text("blocks.words")} <Link to={{ page: "validators" }}>{text("validators.link")}</Link>
          </>
        }
      />
      <div className="card">
        <BlockList list={list} />
      </div>
    </>
  );
}
