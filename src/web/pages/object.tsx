import { object } from "../api/queries.ts";
import type { RegistryObject, TimelineLink } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { WholeHash } from "../components/hash.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { Time } from "../components/times.tsx";
import { useTexts } from "../language/language-context.tsx";
import { checkLinks, type ObjectFault } from "../timeline/check-links.ts";
import { FileMatching } from "../timeline/file-matching.tsx";
import { loadLinks } from "../timeline/load-links.ts";
import { Timeline } from "../timeline/timeline.tsx";
import { useFileMatches } from "../timeline/use-file-matches.ts";

/** An object and the chain of its records, checked again in the browser. */
export function ObjectPage({ id }: { id: string }) {
  const { text } = useTexts();
  const query = useQuery(`object ${id}`, async (signal) => {
    const found = await object(id, signal);
    return { object: found, links: await loadLinks(id, signal) };
  });
  return (
    <>
      <PageHead title={text("object.title")} words={text("object.words")} />
      <Loaded query={query}>{(data) => <ObjectParts {...data} />}</Loaded>
    </>
  );
}

function ObjectParts({ object, links }: { object: RegistryObject; links: readonly TimelineLink[] }) {
  const { text, counted } = useTexts();
  const check = checkLinks(object, links);
  const sound = check.links.size === 0 && check.object.length === 0;
  const matches = useFileMatches(links);
  return (
    <div className="stack">
      <Card
        title={text("object.chain")}
        aside={
          links.length > 0 && (
            <span className={`badge ${sound ? "good" : "bad"}`}>{text(sound ? "object.sound" : "object.faulty")}</span>
          )
        }
        words={
          links.length > 0 ? `${counted("object.length", links.length)}. ${text("object.sound.words")}` : undefined
        }
      >
        <ObjectFaults faults={check.object} />
        {links.length === 0 ? (
          <Empty title={text("object.empty")} words={text("object.empty.words")} />
        ) : (
          <Timeline links={links} faults={check.links} matches={matches.byDigest} />
        )}
      </Card>
      {links.length > 0 && <FileMatching matches={matches} />}
      <Card title={text("object.about")}>
        <div className="card-body">
          <Facts
            rows={[
              [text("object.owner"), <AccountLink key="owner" address={object.owner} />],
              [text("object.opened"), <Time key="opened" value={object.openedAt} />],
              [
                text("object.writers"),
                object.writers.length > 0 && (
                  <ul>
                    {object.writers.map((writer) => (
                      <li key={writer}>
                        <AccountLink address={writer} />
                      </li>
                    ))}
                  </ul>
                ),
              ],
              [text("object.id"), <WholeHash key="id" value={object.id} what={text("object.id")} />],
              [text("object.key"), <WholeHash key="key" value={object.key} what={text("object.key")} />],
            ]}
          />
        </div>
      </Card>
    </div>
  );
}

function ObjectFaults({ faults }: { faults: readonly ObjectFault[] }) {
  const { text } = useTexts();
  if (faults.length === 0) return null;
  return (
    <div className="card-body">
      {faults.map((fault) => (
        <p key={fault.kind} className="note bad">
          {fault.kind === "length" ? text("fault.length", { ...fault }) : text(`fault.${fault.kind}`)}
        </p>
      ))}
    </div>
  );
}
