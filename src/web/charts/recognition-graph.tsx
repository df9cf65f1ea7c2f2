import { useId } from "react";
import { recognitions } from "../api/queries.ts";
import type { Recognition } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { Card } from "../components/card.tsx";
import { usePartnerName } from "../components/partner-names.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { Table } from "../components/table.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { shorten } from "../format/hex.ts";
import { useTexts } from "../language/language-context.tsx";
import { HEIGHT, layOut, WIDTH } from "./graph-layout.ts";

const LIMIT = 200;
const PAGES = 10;
/** More arrows than these are a tangle. */
const MOST_DRAWN = 40;
const NAME_LENGTH = 18;

/** Who recognises whom: of all partners, or around one. As a picture and as a table. */
export function RecognitionGraph({ centre }: { centre?: string }) {
  const { text } = useTexts();
  const query = useQuery("recognitions", loadAll);
  return (
    <Card title={text("graph.title")} words={text("graph.words")}>
      <Loaded query={query}>
        {(all) => {
          const shown = centre === undefined ? all : all.filter((one) => touches(one, centre));
          if (shown.length === 0) return <Empty title={text("graph.empty")} />;
          return (
            <>
              <Picture recognitions={shown} centre={centre} />
              <RecognitionTable recognitions={shown} />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Picture({ recognitions, centre }: { recognitions: readonly Recognition[]; centre: string | undefined }) {
  const { text } = useTexts();
  const nameOf = usePartnerName();
  const id = useId();
  if (recognitions.length > MOST_DRAWN) return <p className="card-body soft small">{text("graph.too-many")}</p>;
  const edges = recognitions.map((one) => ({
    from: one.partner.toLowerCase(),
    to: one.recognised.toLowerCase(),
    label: String(one.fromLevel),
  }));
  const { nodes, lines } = layOut(edges, centre?.toLowerCase());
  const label = text("graph.picture", { count: recognitions.length, partners: nodes.size });
  return (
    <svg className="graph" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <defs>
        <marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8z" />
        </marker>
      </defs>
      {lines.map(({ from, to, start, end, middle, label }) => (
        <g key={`${from} ${to}`}>
          <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} markerEnd={`url(#${id})`} />
          <circle className="level" cx={middle.x} cy={middle.y} r="9" />
          <text x={middle.x} y={middle.y + 4}>
            {label}
          </text>
        </g>
      ))}
      {[...nodes].map(([address, { x, y }]) => (
        <g key={address} className={address === centre?.toLowerCase() ? "centre" : undefined}>
          <circle cx={x} cy={y} r="8" />
          <text x={x} y={y < HEIGHT / 2 ? y - 14 : y + 24}>
            {cut(nameOf(address) ?? shorten(address, 4))}
          </text>
        </g>
      ))}
    </svg>
  );
}

function RecognitionTable({ recognitions }: { recognitions: readonly Recognition[] }) {
  const { text } = useTexts();
  const levelName = useLevelName();
  return (
    <Table
      caption={text("graph.title")}
      items={recognitions}
      keyOf={({ partner, recognised }) => `${partner} ${recognised}`}
      columns={[
        { title: text("recognition.partner"), cell: ({ partner }) => <AccountLink address={partner} /> },
        { title: text("graph.accepts"), cell: ({ recognised }) => <AccountLink address={recognised} /> },
        { title: text("recognition.from"), cell: ({ fromLevel }) => `${fromLevel} · ${levelName(fromLevel)}` },
      ]}
    />
  );
}

function touches({ partner, recognised }: Recognition, address: string): boolean {
  return [partner, recognised].some((one) => one.toLowerCase() === address.toLowerCase());
}

function cut(name: string): string {
  const characters = Array.from(name);
  return characters.length <= NAME_LENGTH ? name : `${characters.slice(0, NAME_LENGTH - 1).join("")}…`;
}

async function loadAll(signal: AbortSignal): Promise<readonly Recognition[]> {
  const all: Recognition[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { items, next } = await recognitions({ limit: LIMIT, ...(cursor === undefined ? {} : { cursor }) }, signal);
    all.push(...items);
    if (next === null) break;
    cursor = next;
  }
  return all;
}
