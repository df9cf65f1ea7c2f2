/** Asks the database many questions of one form at once. @returns their answers in the order of the keys */
export type AskTogether<Answer> = (keys: readonly string[]) => Promise<readonly Answer[]>;

interface Gathering<Answer> {
  keys: string[];
  answers: Promise<readonly Answer[]>;
  send: () => void;
}

/** Questions that go to the database in one statement at most. */
const MOST_TOGETHER = 100;

/**
 * Puts questions of one form that come at the same time into one statement: what comes from one look of the process at its
 * sockets. Each of them has to be bounded by an index, for all wait for the slowest. Nobody waits for more to come.
 */
export class Gatherer<Answer> {
  readonly #open = new Map<string, Gathering<Answer>>();

  /**
   * @param form names what is asked; questions of the same form differ in their key only
   * @throws what `ask` throws, to each whose question was in it
   */
  async ask(form: string, key: string, ask: AskTogether<Answer>): Promise<Answer> {
    const gathering = this.#open.get(form) ?? this.#begin(form, ask);
    const place = gathering.keys.push(key) - 1;
    if (gathering.keys.length === MOST_TOGETHER) gathering.send();
    return (await gathering.answers)[place] as Answer;
  }

  #begin(form: string, ask: AskTogether<Answer>): Gathering<Answer> {
    const { promise, resolve } = Promise.withResolvers<readonly Answer[]>();
    const gathering: Gathering<Answer> = {
      keys: [],
      answers: promise,
      send: () => {
        // The first of the two that want it sent.
        if (this.#open.get(form) !== gathering) return;
        this.#open.delete(form);
        resolve(ask(gathering.keys));
      },
    };
    this.#open.set(form, gathering);
    setImmediate(gathering.send);
    return gathering;
  }
}
