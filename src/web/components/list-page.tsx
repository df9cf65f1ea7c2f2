import type { ReactNode } from "react";
import { PageHead } from "./page-head.tsx";
import { type Column, ListTable } from "./table.tsx";
import type { List } from "./use-list.ts";

interface ListPageProps<Item> {
  readonly title: string;
  readonly words: string;
  readonly list: List<Item>;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  readonly empty: { readonly title: string; readonly words?: string };
  readonly children?: ReactNode;
}

/** A page that is one growing list. */
export function ListPage<Item>({ title, words, children, ...table }: ListPageProps<Item>) {
  return (
    <>
      <PageHead title={title} words={words} />
      <div className="stack">
        <div className="card">
          <ListTable caption={title} {...table} />
        </div>
        {children}
      </div>
    </>
  );
}
