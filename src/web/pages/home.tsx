import type { ReactNode } from "react";
import { blocks, partners, records, status, vouchers } from "../api/queries.ts";
import type { Status } from "../api/types.ts";
import { type Query, useQuery } from "../api/use-query.ts";
import { BlockTable } from "../components/block-table.tsx";
import { Card } from "../components/card.tsx";
import { PageHead } from "../components/page-head.tsx";
import { PartnerTable } from "../components/partner-table.tsx";
import { RecordTable } from "../components/record-table.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { VoucherTable } from "../components/voucher-table.tsx";
import { TAGS, type TextName } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link, useNavigation } from "../routing/navigation.tsx";
import type { Route } from "../routing/route.ts";
import { DropZone } from "../verify/drop-zone.tsx";
import { useVerification } from "../verify/verification.tsx";

// A block comes every three seconds; the rest changes with it, but needs no more haste.
const BLOCKS_INTERVAL = 2000;
const INTERVAL = 6000;
const ROWS = 6;

/** What the platform is, how to check something, and what goes on right now. */
export function HomePage() {
  const { text } = useTexts();
  const numbers = useQuery("status", (signal) => status(signal), { every: INTERVAL });
  return (
    <>
      <Hero />
      <Counts query={numbers} />
      <div className="stack">
        <div className="columns">
          <Latest
            title={text("home.records")}
            all="records"
            empty="state.empty.records"
            query={useQuery("latest records", (signal) => records({ limit: ROWS }, signal), { every: INTERVAL })}
          >
            {(items) => <RecordTable records={items} brief />}
          </Latest>
          <LatestBlocks />
        </div>
        <div className="columns">
          <Latest
            title={text("home.partners")}
            all="partners"
            empty="state.empty.partners"
            query={useQuery("some partners", (signal) => partners({ limit: ROWS }, signal), { every: INTERVAL })}
          >
            {(items) => <PartnerTable partners={items} />}
          </Latest>
          <Latest
            title={text("home.vouchers")}
            all="vouchers"
            empty="state.empty.vouchers"
            query={useQuery("some vouchers", (signal) => vouchers({ limit: ROWS }, signal), { every: INTERVAL })}
          >
            {(items) => <VoucherTable vouchers={items} />}
          </Latest>
        </div>
      </div>
    </>
  );
}

function Hero() {
  const { text } = useTexts();
  const { go } = useNavigation();
  const { add } = useVerification();
  const check = (files: readonly File[]) => {
    add(files);
    go({ page: "verify" });
  };
  return (
    <div className="hero">
      <div className="hero-words">
        <PageHead title={text("home.title")} windowTitle={text("site.name")} kicker={text("site.name")} />
        <p>{text("home.words")}</p>
        <SearchBox hint />
      </div>
      <DropZone title={text("verify.drop")} words={text("verify.drop.words")} onFiles={check} />
    </div>
  );
}

const COUNTS = [
  { name: "blocks", to: { page: "blocks" } },
  { name: "records", to: { page: "records" } },
  { name: "objects", to: undefined },
  { name: "accounts", to: undefined },
  { name: "partners", to: { page: "partners" } },
  { name: "vouchers", to: { page: "vouchers" } },
] as const satisfies readonly { name: keyof Status["counts"] | "blocks"; to: Route | undefined }[];

function Counts({ query: { data } }: { query: Query<Status> }) {
  const { language, text } = useTexts();
  const format = new Intl.NumberFormat(TAGS[language]);
  const numberOf = (name: (typeof COUNTS)[number]["name"]) => {
    if (!data) return "–";
    return format.format(name === "blocks" ? data.indexedHead : data.counts[name]);
  };
  return (
    <dl className="counts" aria-label={text("home.counts")}>
      {COUNTS.map(({ name, to }) => (
        <div key={name}>
          <dt>{text(`count.${name}`)}</dt>
          <dd>{to ? <Link to={to}>{numberOf(name)}</Link> : numberOf(name)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface LatestProps<Item> {
  readonly title: string;
  readonly all: "records" | "partners" | "vouchers" | "blocks";
  readonly empty: "state.empty.records" | "state.empty.partners" | "state.empty.vouchers" | "state.empty.blocks";
  readonly query: Query<{ readonly items: readonly Item[] }>;
  readonly words?: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

function Latest<Item>({ title, all, empty, query, words, children }: LatestProps<Item>) {
  const { text } = useTexts();
  const link = (
    <Link to={{ page: all }} aria-label={text(`home.all.${all}`)}>
      {text("home.all")}
    </Link>
  );
  return (
    <Card title={title} aside={link} words={words}>
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            children(items)
          ) : (
            <Empty title={text(empty)} words={text(`${empty}.words` satisfies TextName)} />
          )
        }
      </Loaded>
    </Card>
  );
}

function LatestBlocks() {
  const { text } = useTexts();
  const query = useQuery("latest blocks", (signal) => blocks({ limit: ROWS }, signal), { every: BLOCKS_INTERVAL });
  const live = (
    <span className={query.error ? "live stale" : "live"}>{text(query.error ? "home.stale" : "home.live")}</span>
  );
  return (
    <Latest title={text("home.blocks")} all="blocks" empty="state.empty.blocks" query={query} words={live}>
      {(items) => <BlockTable blocks={items} />}
    </Latest>
  );
}
