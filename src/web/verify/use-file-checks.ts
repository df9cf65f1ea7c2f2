import { useEffect, useRef, useState } from "react";
import { BropError } from "../../core/errors.ts";
import type { OnStage, Stage } from "./lookup.ts";

/** A file on its way to a result. */
export interface FileCheck<Result> {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly stage: Stage;
  readonly done: number;
  readonly result: Result | undefined;
  readonly error: BropError | undefined;
}

export interface FileChecks<Result> {
  readonly files: readonly FileCheck<Result>[];
  readonly busy: boolean;
  readonly add: (files: readonly File[]) => void;
  /** Forgets one file, and stops its check if it is under way. */
  readonly cancel: (id: number) => void;
  /** Forgets all files and stops what is under way. */
  readonly clear: () => void;
}

/**
 * Checks files one after another, so that a large one has the machine for itself.
 * @param check works out the result of one file; it may throw
 */
export function useFileChecks<Result>(
  check: (file: File, signal: AbortSignal, onStage: OnStage) => Promise<Result>,
): FileChecks<Result> {
  const [files, setFiles] = useState<readonly FileCheck<Result>[]>([]);
  const queue = useRef({ abort: new AbortController(), last: Promise.resolve(), nextId: 1 });
  const single = useRef(new Map<number, AbortController>());

  const stop = () => {
    queue.current.abort.abort();
    queue.current = { ...queue.current, abort: new AbortController(), last: Promise.resolve() };
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the page goes
  useEffect(() => stop, []);

  const run = async (file: File, id: number, signal: AbortSignal) => {
    if (signal.aborted) return;
    const change = (part: Partial<FileCheck<Result>>) =>
      setFiles((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one)));
    try {
      const result = await check(file, signal, (stage, done) => signal.aborted || change({ stage, done }));
      if (!signal.aborted) change({ result });
    } catch (thrown) {
      if (!signal.aborted) change({ error: BropError.from(thrown) });
    }
  };

  const add = (added: readonly File[]) => {
    for (const file of added) {
      const id = queue.current.nextId++;
      const abort = new AbortController();
      single.current.set(id, abort);
      const signal = AbortSignal.any([queue.current.abort.signal, abort.signal]);
      const fresh = { id, name: file.name, size: file.size, stage: "reading", done: 0 } as const;
      setFiles((all) => [...all, { ...fresh, result: undefined, error: undefined }]);
      queue.current.last = queue.current.last.then(() => run(file, id, signal));
    }
  };
  const cancel = (id: number) => {
    single.current.get(id)?.abort();
    single.current.delete(id);
    setFiles((all) => all.filter((one) => one.id !== id));
  };
  const clear = () => {
    stop();
    setFiles([]);
  };
  return { files, busy: files.some(({ result, error }) => !result && !error), add, cancel, clear };
}
