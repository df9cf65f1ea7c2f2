import type { Hit } from "../api/types.ts";
import { shorten } from "../format/hex.ts";
import { otherLetters } from "../format/other-letters.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { routeOfHit } from "../routing/route-of-hit.ts";

/** What a search found, each with what it is and how it belongs to what was looked for. */
export function HitList({ hits, sought }: { hits: readonly Hit[]; sought: string }) {
  return (
    <ul className="hits">
      {hits.map((hit) => (
        <HitLine key={`${hit.kind} ${hit.id}`} hit={hit} sought={sought} />
      ))}
    </ul>
  );
}

function HitLine({ hit, sought }: { hit: Hit; sought: string }) {
  const { text } = useTexts();
  // A transaction is found as its block.
  const isTransaction = hit.kind === "block" && hit.title === "transaction";
  const letters = hit.match === "look-alike" ? otherLetters(hit.title, sought) : [];
  const isNamed = hit.title !== hit.id && hit.kind !== "block";
  return (
    <li>
      <span className="kicker">{text(isTransaction ? "hit.transaction" : `hit.${hit.kind}`)}</span>
      <div>
        <Link to={routeOfHit(hit)} title={hit.id}>
          {titleOf(hit, text("block.title", { number: hit.id }), text("order.title", { number: hit.id }))}
        </Link>{" "}
        {hit.nameKind !== null && <span className="badge plain">{text(`name.${hit.nameKind}`)}</span>}{" "}
        {hit.match === "look-alike" && <span className="badge warn">{text("hit.look-alike")}</span>}
        {isNamed && <p className="soft small mono">{shorten(hit.id, 8)}</p>}
        {letters.length > 0 && <p className="small">{text("hit.letters", { letters: letters.join(", ") })}</p>}
      </div>
    </li>
  );
}

function titleOf({ kind, title, id }: Hit, block: string, order: string): string {
  if (kind === "block") return block;
  return kind === "order" ? order : title === id ? shorten(id, 10) : title;
}
