import type { TextName } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";

const KNOWN = 6;

/** Name of a certification level. The council can add levels; those are named by their number. */
export function useLevelName(): (level: number) => string {
  const { text } = useTexts();
  return (level) =>
    level >= 0 && level <= KNOWN ? text(`level.${level}` as TextName) : text("level.other", { number: level });
}
