import { setImmediate as nextTurn } from "node:timers/promises";

/** A millisecond of work at most is what others wait for: the rows of another range on their way to the database, first of all. */
const ITEMS_A_TURN = 50;

/** Goes through many items, and lets the rest of the process do its work in between. */
export async function eachInTurns<Item>(items: readonly Item[], work: (item: Item) => void): Promise<void> {
  for (const [index, item] of items.entries()) {
    work(item);
    if (index % ITEMS_A_TURN === ITEMS_A_TURN - 1) await nextTurn();
  }
}
