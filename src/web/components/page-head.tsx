import { type ReactNode, useEffect } from "react";
import { useTexts } from "../language/language-context.tsx";

interface PageHeadProps {
  /** For the heading. */
  readonly title: ReactNode;
  /** For the window, where the heading is no plain text. */
  readonly windowTitle?: string;
  /** What kind of thing the page shows. */
  readonly kicker?: string;
  readonly words?: ReactNode;
  /** Beside the heading: a state. */
  readonly aside?: ReactNode;
}

/** Heading of a page; also titles the window. */
export function PageHead({ title, windowTitle, kicker, words, aside }: PageHeadProps) {
  const { text } = useTexts();
  const name = windowTitle ?? (typeof title === "string" ? title : (kicker ?? ""));
  useEffect(() => {
    document.title = text("site.title", { page: name });
  }, [text, name]);
  return (
    <div className="page-head">
      {kicker !== undefined && <p className="kicker">{kicker}</p>}
      <div className="title-line">
        <h1>{title}</h1>
        {aside}
      </div>
      {words !== undefined && <p>{words}</p>}
    </div>
  );
}
