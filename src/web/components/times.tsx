import { formatAge, formatDate, formatTime } from "../format/time.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";
import { useNow } from "./use-now.ts";

/** Date and time in the reader's zone, named where it matters; the tooltip has it in UTC. */
export function Time({ value, zone }: { value: string; zone?: boolean }) {
  const { language } = useTexts();
  return (
    <time dateTime={value} title={value}>
      {formatTime(value, TAGS[language], zone)}
    </time>
  );
}

export function Day({ value }: { value: string }) {
  const { language } = useTexts();
  return (
    <time dateTime={value} title={value}>
      {formatDate(value, TAGS[language])}
    </time>
  );
}

/** How long ago, going on by itself; the tooltip has the exact time. */
export function Age({ value }: { value: string }) {
  const now = useNow();
  const { language } = useTexts();
  return (
    <time dateTime={value} title={formatTime(value, TAGS[language])}>
      {formatAge(value, now, TAGS[language])}
    </time>
  );
}
