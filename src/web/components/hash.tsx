import { useEffect, useState } from "react";
import { shorten } from "../format/hex.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import type { Route } from "../routing/route.ts";

/** A hexadecimal identifier, shortened; the whole of it is in the tooltip. */
export function Hash({ value, to, digits }: { value: string; to?: Route | undefined; digits?: number }) {
  const short = shorten(value, digits);
  return to ? (
    <Link to={to} className="hash" title={value}>
      {short}
    </Link>
  ) : (
    <span className="hash" title={value}>
      {short}
    </span>
  );
}

interface WholeHashProps {
  readonly value: string;
  /** What it is, for the copy button's label. */
  readonly what: string;
  readonly to?: Route | undefined;
}

/** A hexadecimal identifier in full, with a button that copies it. */
export function WholeHash({ value, what, to }: WholeHashProps) {
  return (
    <>
      {to ? (
        <Link to={to} className="hash whole">
          {value}
        </Link>
      ) : (
        <span className="hash whole">{value}</span>
      )}
      <CopyButton value={value} what={what} />
    </>
  );
}

function CopyButton({ value, what }: { value: string; what: string }) {
  const { text } = useTexts();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  // Browsers offer the clipboard on secure origins only.
  if (!navigator.clipboard) return null;
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button type="button" className="copy" aria-label={text("copy.label", { what })} onClick={copy}>
      <span aria-live="polite">{text(copied ? "copy.done" : "copy.button")}</span>
    </button>
  );
}
