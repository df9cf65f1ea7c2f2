import type { ReactNode } from "react";
import { useTexts } from "../language/language-context.tsx";
import { Empty, Failure, Loading } from "./states.tsx";
import type { List } from "./use-list.ts";

export interface Column<Item> {
  readonly title: string;
  readonly cell: (item: Item) => ReactNode;
  /** Numbers stand to the right. */
  readonly number?: boolean;
  /** Left out on a phone. */
  readonly wide?: boolean;
}

interface TableProps<Item> {
  /** For screen readers: what the table lists. */
  readonly caption: string;
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
}

/** A list of things with the same columns. On a phone each cell carries its column's title. */
export function Table<Item>({ caption, columns, items, keyOf }: TableProps<Item>) {
  return (
    <table className="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, ...column }) => (
            <th key={title} scope="col" className={classOf(column)}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={keyOf(item)}>
            {columns.map(({ title, cell, ...column }) => (
              <td key={title} data-label={title} className={classOf(column)}>
                {cell(item)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf({ number, wide }: { number?: boolean; wide?: boolean }): string | undefined {
  return [number && "number", wide && "wide"].filter(Boolean).join(" ") || undefined;
}

interface ListTableProps<Item> extends Omit<TableProps<Item>, "items"> {
  readonly list: List<Item>;
  readonly empty: { readonly title: string; readonly words?: string };
}

/** A growing list as a table, with its empty, waiting and error states. */
export function ListTable<Item>({ list, empty, ...table }: ListTableProps<Item>) {
  const { text } = useTexts();
  const { data, error, retry, more, loadingMore } = list;
  if (!data) return error ? <Failure error={error} retry={retry} /> : <Loading />;
  if (data.length === 0) return <Empty {...empty} />;
  return (
    <>
      <Table {...table} items={data} />
      {error && <Failure error={error} retry={more} />}
      {loadingMore && <Loading />}
      {more && !error && (
        <div className="more">
          <button type="button" className="button quiet" onClick={more}>
            {text("state.more")}
          </button>
        </div>
      )}
    </>
  );
}
