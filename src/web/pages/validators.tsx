import { validators } from "../api/queries.ts";
import { useQuery } from "../api/use-query.ts";
import { BlockLink } from "../components/block-link.tsx";
import { Card } from "../components/card.tsx";
import { Hash } from "../components/hash.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { Table } from "../components/table.tsx";
import { useTexts } from "../language/language-context.tsx";

const INTERVAL = 15_000;

/** Who keeps the books now. */
export function ValidatorsPage() {
  const { text } = useTexts();
  const query = useQuery("validators", (signal) => validators(undefined, signal), { every: INTERVAL });
  return (
    <>
      <PageHead title={text("validators.title")} words={text("validators.words")} />
      <Loaded query={query}>
        {({ needed, items }) => (
          <Card
            title={text("validators.title")}
            words={items.length > 0 ? text("validators.quorum", { needed, all: items.length }) : undefined}
          >
            {items.length === 0 ? (
              <Empty title={text("validators.empty")} words={text("validators.empty.words")} />
            ) : (
              <Table
                caption={text("validators.title")}
                items={items}
                keyOf={({ validator }) => validator}
                columns={[
                  { title: text("validator.node"), cell: ({ validator }) => <Hash value={validator} digits={8} /> },
                  {
                    title: text("validator.seat"),
                    cell: ({ seat }) => (seat === null ? "–" : <Hash value={seat} digits={8} />),
                  },
                  {
                    title: text("validator.since"),
                    number: true,
                    cell: ({ blockNumber }) => <BlockLink number={blockNumber} />,
                  },
                ]}
              />
            )}
          </Card>
        )}
      </Loaded>
    </>
  );
}
