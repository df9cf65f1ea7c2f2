import { createContext, Fragment, type ReactNode, useContext, useEffect, useState } from "react";
import {
  type CountedName,
  chooseLanguage,
  countText,
  cut,
  fill,
  type Language,
  TAGS,
  TEXTS,
  type TextName,
} from "./language.ts";

const REMEMBERED = "brop.language";

interface LanguageState {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<LanguageState | undefined>(undefined);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, choose] = useState(() => chooseLanguage(remembered(), navigator.languages));
  useEffect(() => {
    document.documentElement.lang = TAGS[language];
  }, [language]);
  const setLanguage = (next: Language) => {
    remember(next);
    choose(next);
  };
  return <LanguageContext value={{ language, setLanguage }}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageState {
  const state = useContext(LanguageContext);
  if (!state) throw new Error("no LanguageProvider above");
  return state;
}

export interface Texts {
  readonly language: Language;
  /** A text of the site, its places filled. */
  readonly text: (name: TextName, values?: Readonly<Record<string, string | number>>) => string;
  /** The text for a number. */
  readonly counted: (name: CountedName, count: number | bigint) => string;
  /** A text whose places hold elements, such as links. */
  readonly rich: (name: TextName, values: Readonly<Record<string, ReactNode>>) => ReactNode;
}

export function useTexts(): Texts {
  const { language } = useLanguage();
  const texts = TEXTS[language];
  return {
    language,
    text: (name, values) => fill(texts[name], values),
    counted: (name, count) => countText(language, name, count),
    rich: (name, values) =>
      cut(texts[name]).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        <Fragment key={index}>{index % 2 === 0 ? part : values[part]}</Fragment>
      )),
  };
}

// A browser may forbid storage; the choice then lasts as long as the page.
function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // Nothing to do: see above.
  }
}
