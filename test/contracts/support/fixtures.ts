import { provider } from "./chain.ts";

/** Makes a state of the chain that tests start from. It may itself start from another one. */
export type Fixture<T> = () => Promise<T>;

interface Saved {
  fixture: Fixture<unknown>;
  value: unknown;
  snapshot: unknown;
}

/** Saved states, each on top of those before it: going back to one gives up the later ones. */
const saved: Saved[] = [];

/** The chain before anything happened; every fixture stands on it. */
export const emptyChain: Fixture<void> = async () => undefined;

/**
 * Puts the chain into the state of a fixture: makes it the first time, and goes back to it afterwards. Unlike
 * `loadFixture` of the network helpers it can be called within a fixture.
 */
export async function startFrom<T>(fixture: Fixture<T>): Promise<T> {
  const at = saved.findIndex((one) => one.fixture === fixture);
  const known = saved[at];
  if (known !== undefined) {
    await provider.request({ method: "evm_revert", params: [known.snapshot] });
    saved.length = at;
    await save(fixture, known.value);
    return known.value as T;
  }
  const value = await fixture();
  await save(fixture, value);
  return value;
}

async function save(fixture: Fixture<unknown>, value: unknown): Promise<void> {
  saved.push({ fixture, value, snapshot: await provider.request({ method: "evm_snapshot", params: [] }) });
}

// Before any test: nothing else has touched the chain yet.
await startFrom(emptyChain);
