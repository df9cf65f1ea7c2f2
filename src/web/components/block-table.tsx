import type { Block } from "../api/types.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { Hash } from "./hash.tsx";
import { type Column, ListTable, Table } from "./table.tsx";
import { Age } from "./times.tsx";
import type { List } from "./use-list.ts";

const keyOf = (block: Block) => block.hash;

/** Blocks at hand. */
export function BlockTable({ blocks }: { blocks: readonly Block[] }) {
  const { text } = useTexts();
  return <Table caption={text("blocks.title")} columns={useBlockColumns()} items={blocks} keyOf={keyOf} />;
}

/** Blocks page by page. */
export function BlockList({ list }: { list: List<Block> }) {
  const { text } = useTexts();
  const empty = { title: text("state.empty.blocks"), words: text("state.empty.blocks.words") };
  return (
    <ListTable caption={text("blocks.title")} columns={useBlockColumns()} keyOf={keyOf} list={list} empty={empty} />
  );
}

function useBlockColumns(): Column<Block>[] {
  const { text } = useTexts();
  return [
    {
      title: text("block.number"),
      cell: ({ number }) => <Link to={{ page: "block", number: String(number) }}>{number}</Link>,
    },
    { title: text("block.time"), cell: ({ timestamp }) => <Age value={timestamp} /> },
    { title: text("block.transactions"), number: true, cell: ({ transactionCount }) => transactionCount },
    { title: text("block.hash"), wide: true, cell: ({ hash }) => <Hash value={hash} /> },
  ];
}
