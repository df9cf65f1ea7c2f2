import { type ReactNode, useEffect, useRef } from "react";
import { status } from "../api/queries.ts";
import { useQuery } from "../api/use-query.ts";
import { TAGS } from "../language/language.ts";
import { useLanguage, useTexts } from "../language/language-context.tsx";
import { Link, useNavigation } from "../routing/navigation.tsx";
import { addressOf, type PageName } from "../routing/route.ts";
import { DropAnywhere } from "./drop-anywhere.tsx";

const MENU = [
  { page: "verify", covers: ["verify"] },
  { page: "records", covers: ["records", "record", "certificate", "object", "batch"] },
  { page: "agreements", covers: ["agreements", "agreement"] },
  { page: "partners", covers: ["partners", "partner"] },
  { page: "vouchers", covers: ["vouchers", "voucher"] },
  { page: "orders", covers: ["orders", "order"] },
  { page: "blocks", covers: ["blocks", "block", "validators"] },
] as const satisfies readonly { page: PageName; covers: readonly PageName[] }[];

const STATUS_INTERVAL = 15_000;

/** What surrounds every page: header with menu and language, footer. */
export function Frame({ children }: { children: ReactNode }) {
  const { text } = useTexts();
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <>
      <a className="skip-link" href="#content">
        {text("site.skip")}
      </a>
      <Header />
      <main id="content" className="page" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Footer />
      <DropAnywhere />
    </>
  );
}

/** Screen readers and keyboards go on where the new page begins, as they would after loading a document. */
function useFocusOnNewPage(main: { readonly current: HTMLElement | null }): void {
  const { route } = useNavigation();
  const address = addressOf(route);
  const shown = useRef(address);
  useEffect(() => {
    if (shown.current === address) return;
    shown.current = address;
    main.current?.focus({ preventScroll: true });
  }, [main, address]);
}

function Header() {
  const { text } = useTexts();
  const { route } = useNavigation();
  return (
    <header className="header">
      <div className="header-inner">
        <Link to={{ page: "home" }} className="brand" aria-label={`BROP 络谱: ${text("not-found.home")}`}>
          <img src="/mark.svg" alt="" width="32" height="32" />
          BROP <span lang="zh">络谱</span>
        </Link>
        <nav className="menu" aria-label={text("site.menu")}>
          <ul>
            {MENU.map(({ page, covers }) => (
              <li key={page}>
                <Link
                  to={{ page }}
                  aria-current={(covers as readonly PageName[]).includes(route.page) ? "page" : undefined}
                >
                  {text(`menu.${page}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <LanguageSwitch />
      </div>
    </header>
  );
}

function LanguageSwitch() {
  const { text } = useTexts();
  const { language, setLanguage } = useLanguage();
  const other = language === "zh" ? "en" : "zh";
  return (
    <button
      type="button"
      className="language-switch"
      lang={TAGS[other]}
      aria-label={text("site.other-language.label")}
      onClick={() => setLanguage(other)}
    >
      {text("site.other-language")}
    </button>
  );
}

function Footer() {
  const { text } = useTexts();
  const { data } = useQuery("footer", (signal) => status(signal), { every: STATUS_INTERVAL });
  return (
    <footer className="footer">
      <div className="footer-inner">
        <p>
          <strong>{text("site.name")}</strong>
        </p>
        <p>{text("footer.words")}</p>
        <ul>
          {data && <li>{text("footer.network", { chain: data.chainId, block: data.indexedHead })}</li>}
          <li>
            <a href="/docs">{text("footer.api")}</a>
          </li>
          <li>
            <a href="/v1/openapi.json">{text("footer.specification")}</a>
          </li>
        </ul>
      </div>
    </footer>
  );
}
