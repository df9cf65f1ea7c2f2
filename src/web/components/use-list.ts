import { useState } from "react";
import { BropError } from "../../core/errors.ts";
import type { Page } from "../api/types.ts";
import { type Query, useQuery } from "../api/use-query.ts";

export interface List<Item> extends Query<readonly Item[]> {
  /** Loads the next page; undefined when everything is on show. */
  readonly more: (() => void) | undefined;
  readonly loadingMore: boolean;
}

interface Rest<Item> {
  readonly key: string;
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** A list that grows page by page. The key stands for what is asked, as in `useQuery`. */
export function useList<Item>(
  key: string,
  load: (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<Item>>,
): List<Item> {
  const first = useQuery(key, (signal) => load(undefined, signal));
  const [rest, setRest] = useState<Rest<Item>>();
  const [loadingMore, setLoadingMore] = useState(false);
  const [error, setError] = useState<BropError>();

  const current = rest?.key === key ? rest : undefined;
  const next = current ? current.next : (first.data?.next ?? null);
  const loadMore = async (cursor: string) => {
    setLoadingMore(true);
    setError(undefined);
    try {
      const page = await load(cursor);
      setRest({ key, items: [...(current?.items ?? []), ...page.items], next: page.next });
    } catch (thrown) {
      setError(BropError.from(thrown));
    } finally {
      setLoadingMore(false);
    }
  };
  return {
    data: first.data && [...first.data.items, ...(current?.items ?? [])],
    error: first.error ?? error,
    retry: first.retry,
    more: next === null || loadingMore ? undefined : () => void loadMore(next),
    loadingMore,
  };
}

const ROWS = 25;

/** Size and beginning of the next page, as the query interface takes them. */
export function nextPage(cursor: string | undefined): { limit: number; cursor?: string } {
  return cursor === undefined ? { limit: ROWS } : { limit: ROWS, cursor };
}
