import { useEffect } from "react";
import { search } from "../api/queries.ts";
import { useQuery } from "../api/use-query.ts";
import { Card } from "../components/card.tsx";
import { HitList } from "../components/hit-list.tsx";
import { PageHead } from "../components/page-head.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { parseDigest } from "../format/hex.ts";
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
  const [first, ...more] = answer.data?.items ?? [];
  // A name that only looks like what was typed is never opened of its own accord.
  const only = first && more.length === 0 && first.match !== "look-alike" ? first : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `go` is another function each time and does the same
  useEffect(() => {
    if (only) go(routeOfHit(only), { replace: true });
  }, [only]);
  return (
    <Loaded query={answer}>
      {({ items }) => {
        const alike = items.filter(({ match }) => match === "look-alike");
        const found = items.filter(({ match }) => match !== "look-alike");
        return (
          <>
            {found.length === 0 ? (
              <div className="card">
                <Empty title={text("search.nothing", { query })} words={text("search.nothing.words")} />
              </div>
            ) : (
              <Card title={counted("search.found", found.length).replace("{query}", () => query)}>
                <HitList hits={found} sought={query} />
              </Card>
            )}
            {alike.length > 0 && (
              <Card title={text("hit.look-alikes")} words={text("hit.look-alikes.words")}>
                <HitList hits={alike} sought={query} />
              </Card>
            )}
          </>
        );
      }}
    </Loaded>
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
