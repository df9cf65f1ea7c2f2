import { type FormEvent, useId, useState } from "react";
import { useTexts } from "../language/language-context.tsx";
import { useNavigation } from "../routing/navigation.tsx";

/** Takes anything that can be looked up and goes to the search page. */
export function SearchBox({ query = "", hint = false }: { query?: string; hint?: boolean }) {
  const { text } = useTexts();
  const { go } = useNavigation();
  const [value, setValue] = useState(query);
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go({ page: "search", query: value.trim() });
  };
  return (
    <search>
      <form className="search" onSubmit={submit}>
        <label htmlFor={id}>{text("search.label")}</label>
        <div className="search-line">
          <input
            id={id}
            type="search"
            value={value}
            onChange={(event) => setValue(event.target.value)}
            placeholder={text("search.placeholder")}
            aria-describedby={hint ? `${id}-hint` : undefined}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={200}
          />
          <button type="submit" className="button">
            {text("search.button")}
          </button>
        </div>
        {hint && (
          <p id={`${id}-hint`} className="soft small">
            {text("search.hint")}
          </p>
        )}
      </form>
    </search>
  );
}
