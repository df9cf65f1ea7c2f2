import { TAGS, TEXTS, type TextName } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";

/** What a partner may do, as one phrase. A permission that the site does not know is shown by its name. */
export function usePermissionWords(): (permissions: readonly string[]) => string {
  const { language } = useTexts();
  const texts: Readonly<Record<string, string>> = TEXTS[language];
  const format = new Intl.ListFormat(TAGS[language], { type: "conjunction", style: "narrow" });
  return (permissions) => format.format(permissions.map((name) => texts[`permission.${name}` as TextName] ?? name));
}
