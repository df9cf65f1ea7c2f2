import { seals } from "../api/queries.ts";
import type { Seals } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { useTexts } from "../language/language-context.tsx";
import { Card } from "./card.tsx";
import { Hash } from "./hash.tsx";
import { Empty, Loaded } from "./states.tsx";
import { Table } from "./table.tsx";

/** Who sealed a block. */
export function SealsCard({ block }: { block: number }) {
  const { text } = useTexts();
  const query = useQuery(`seals ${block}`, (signal) => seals(block, signal));
  return (
    <Card title={text("seals.title")} words={text("seals.words")}>
      <Loaded query={query}>{(found) => <SealsParts seals={found} />}</Loaded>
    </Card>
  );
}

function SealsParts({ seals }: { seals: Seals }) {
  const { text } = useTexts();
  const words = useSealWords();
  if (seals.state === "unsealed" || seals.state === "unknown") {
    return <Empty title={text(`seals.${seals.state}`)} words={text(`seals.${seals.state}.words`)} />;
  }
  return (
    <>
      <div className="card-body">
        <p className={`note ${seals.state === "sealed" ? "good" : "bad"}`}>
          {words(seals)}
          {seals.round !== null && ` · ${text("seals.round")}: ${seals.round + 1}`}
        </p>
      </div>
      <Table
        caption={text("seals.title")}
        items={seals.validators}
        keyOf={({ address }) => address}
        columns={[
          { title: text("validator.node"), cell: ({ address }) => <Hash value={address} digits={8} /> },
          {
            title: text("seals.title"),
            cell: ({ sealed }) => (
              <span className={`badge ${sealed ? "good" : ""}`}>{text(sealed ? "seals.yes" : "seals.no")}</span>
            ),
          },
        ]}
      />
    </>
  );
}

/** How many sealed a block, and how many have to. */
export function useSealWords(): (seals: Seals) => string {
  const { text } = useTexts();
  return ({ state, validators, needed }) => {
    if (state === "unsealed" || state === "unknown") return text(`seals.${state}`);
    const count = validators.filter(({ sealed }) => sealed).length;
    return text(`seals.${state}`, { count, all: validators.length, needed: needed ?? 0 });
  };
}
