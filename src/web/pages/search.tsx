import { useEffect } from "react";
import { search } from "../api/queries.ts";
import type { Hit } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { Card } from "../components/card.tsx";
import { PageHead } from "../components/page-head.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { parseDigest, shorten } from "../format/hex.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link, useNavigation } from "../routing/navigation.tsx";
import { routeOfHit } from "../routing/route-of-hit.ts";

/** What a search found. A single result is opened at once. */
export function SearchPage({ query }: { query: string }) {
  const { text } = useTexts();
  return (
    <>
      <PageHead title={text("search.title")} />
      <div className="stack">
        <SearchBox key={query} query={query} hint />
        {query !== "" && <Results key={query} query={query} />}
        <DigestLink query={query} />
      </div>
    </>
  );
}

function Results({ query }: { query: string }) {
  const { text, counted } = useTexts();
  const answer = useQuery(`search ${query}`, (signal) => search(query, signal));
  const { go } = useNavigation();
  const only = answer.data?.items.length === 1 ? answer.data.items[0] : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `go` is another function each time and does the same
  useEffect(() => {
    if (only) go(routeOfHit(only), { replace: true });
  }, [only]);
  return (
    <Loaded query={answer}>
      {({ items }) =>
        items.length === 0 ? (
          <div className="card">
            <Empty title={text("search.nothing", { query })} words={text("search.nothing.words")} />
          </div>
        ) : (
          <Card title={counted("search.found", items.length).replace("{query}", query)}>
            <ul className="hits">
              {items.map((hit) => (
                <HitLine key={`${hit.kind} ${hit.id}`} hit={hit} />
              ))}
            </ul>
          </Card>
        )
      }
    </Loaded>
  );
}

function HitLine({ hit }: { hit: Hit }) {
  const { text } = useTexts();
  // A transaction is found as its block.
  const isTransaction = hit.kind === "block" && hit.title === "transaction";
  return (
    <li>
      <span className="kicker">{text(isTransaction ? "hit.transaction" : `hit.${hit.kind}`)}</span>
      <Link to={routeOfHit(hit)} title={hit.id}>
        {hit.kind === "block"
          ? text("block.title", { number: hit.id })
          : hit.title.replace(hit.id, shorten(hit.id, 10))}
      </Link>
    </li>
  );
}

/** Leads from a digest to its verdict. */
function DigestLink({ query }: { query: string }) {
  const { text } = useTexts();
  const digest = parseDigest(query);
  if (digest === undefined) return null;
  return (
    <p>
      <Link to={{ page: "verify", digest }}>{text("search.digest")}</Link>
    </p>
  );
}
