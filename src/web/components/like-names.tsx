import { search } from "../api/queries.ts";
import { useQuery } from "../api/use-query.ts";
import { useTexts } from "../language/language-context.tsx";
import { Card } from "./card.tsx";
import { HitList } from "./hit-list.tsx";

/** Others whose names can be mistaken for this one; nothing where there are none. */
export function LikeNames({ name, id }: { name: string; id: string }) {
  const { text } = useTexts();
  const { data } = useQuery(`names like ${name}`, (signal) => search(name, signal));
  const others = data?.items.filter((hit) => ["name", "look-alike"].includes(hit.match) && hit.id !== id) ?? [];
  if (others.length === 0) return null;
  return (
    <Card title={text("names.like")} words={text("names.like.words")}>
      <HitList hits={others} sought={name} />
    </Card>
  );
}
