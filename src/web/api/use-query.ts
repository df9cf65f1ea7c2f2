import { useEffect, useState } from "react";
import { BropError } from "../../core/errors.ts";

export interface Query<Answer> {
  /** Last answer; undefined until the first one. It stays while a newer one is on its way. */
  readonly data: Answer | undefined;
  /** Why the last attempt failed. */
  readonly error: BropError | undefined;
  readonly retry: () => void;
}

interface Options {
  /** Ask again so many milliseconds after each answer, while the page is visible. */
  readonly every?: number;
}

interface Outcome<Answer> {
  readonly key: string;
  readonly data: Answer | undefined;
  readonly error: BropError | undefined;
}

/**
 * Loads what a page shows.
 * @param key what is asked; another key asks anew and forgets the former answer
 */
export function useQuery<Answer>(
  key: string,
  load: (signal: AbortSignal) => Promise<Answer>,
  { every }: Options = {},
): Query<Answer> {
  const [outcome, setOutcome] = useState<Outcome<Answer>>();
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what `load` asks
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const data = await load(abort.signal);
        setOutcome({ key, data, error: undefined });
      } catch (thrown) {
        if (abort.signal.aborted) return;
        const error = BropError.from(thrown);
        setOutcome((former) => ({ key, data: former?.key === key ? former.data : undefined, error }));
      }
      if (!abort.signal.aborted) askLater();
    };
    const askLater = () => {
      if (every === undefined) return;
      // A hidden page asks nothing; it looks again soon after it is shown.
      timer = setTimeout(() => (document.hidden ? askLater() : void ask()), every);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, attempt, every]);

  const current = outcome?.key === key ? outcome : undefined;
  const retry = () => {
    setOutcome((former) => former && { ...former, error: undefined });
    setAttempt((count) => count + 1);
  };
  return { data: current?.data, error: current?.error, retry };
}
