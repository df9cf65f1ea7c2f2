import { PageHead } from "../components/page-head.tsx";
import { SearchBox } from "../components/search-box.tsx";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

export function NotFoundPage({ path }: { path: string }) {
  const { text } = useTexts();
  return (
    <>
      <PageHead title={text("not-found.title")} words={text("not-found.words", { path })} />
      <div className="stack">
        <SearchBox />
        <p>
          <Link to={{ page: "home" }}>{text("not-found.home")}</Link>
        </p>
      </div>
    </>
  );
}
