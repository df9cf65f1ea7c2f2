import { expect } from "chai";
import { objectId, recordId } from "../../../src/core/record-id.ts";
import type { RegistryObject, TimelineLink } from "../../../src/web/api/types.ts";
import { checkLinks } from "../../../src/web/timeline/check-links.ts";

const bytes32 = (digit: string) => `0x${digit.repeat(64)}`;
const OWNER = `0x${"ab".repeat(20)}`;
const KEY = bytes32("e");
const OBJECT_ID = objectId(OWNER, KEY);
const DIGESTS = ["1", "2", "3", "4"].map(bytes32);

const links = DIGESTS.map((digest, position) => ({
  position,
  digest,
  previous: DIGESTS[position - 1] ?? null,
  record: { id: recordId(OWNER, digest, OBJECT_ID), owner: OWNER, digest },
})) as TimelineLink[];
const object = { id: OBJECT_ID, owner: OWNER, key: KEY, length: 4, head: DIGESTS[3] } as RegistryObject;

function faultsOf(changed: readonly TimelineLink[], state = object) {
  const { links: faults, object: whole } = checkLinks(state, changed);
  return { links: Object.fromEntries(faults), whole };
}

const changed = (position: number, change: Partial<TimelineLink>) =>
  links.map((link) => (link.position === position ? { ...link, ...change } : link));

describe("web: checking a timeline", () => {
  it("finds nothing wrong with a whole chain", () => {
    expect(faultsOf(links)).to.deep.equal({ links: {}, whole: [] });
  });

  it("finds nothing wrong with an object that has no link yet", () => {
    expect(faultsOf([], { ...object, length: 0, head: null })).to.deep.equal({ links: {}, whole: [] });
  });

  it("finds a link that was left out, in the middle, at the start and at the end", () => {
    const without = (position: number) => faultsOf(links.filter((link) => link.position !== position));
    const short = { kind: "length", expected: 4, found: 3 };
    expect(without(1)).to.deep.equal({ links: { 2: ["position"] }, whole: [short] });
    expect(without(0)).to.deep.equal({ links: { 1: ["position"] }, whole: [short] });
    expect(without(3)).to.deep.equal({ links: {}, whole: [short, { kind: "head" }] });
  });

  it("finds a link that was left out although the positions were made to fit", () => {
    const closed = links.filter(({ position }) => position !== 1).map((link, position) => ({ ...link, position }));
    expect(faultsOf(closed, { ...object, length: 3 })).to.deep.equal({ links: { 1: ["previous"] }, whole: [] });
  });

  it("finds a digest that is not the record's", () => {
    expect(faultsOf(changed(2, { digest: bytes32("9") })).links).to.deep.equal({ 2: ["digest"], 3: ["previous"] });
  });

  it("finds a forged link whose record was made to fit", () => {
    const digest = bytes32("9");
    const record = { ...(links[2] as TimelineLink).record, digest };
    const forged = changed(2, { digest, record });
    expect(faultsOf(forged).links).to.deep.equal({ 2: ["identifier"], 3: ["previous"] });
  });

  it("finds a record that stands under another owner's name", () => {
    const record = { ...(links[1] as TimelineLink).record, owner: `0x${"cd".repeat(20)}` };
    expect(faultsOf(changed(1, { record })).links).to.deep.equal({ 1: ["identifier"] });
  });

  it("finds links that changed places", () => {
    const [first, second, third, fourth] = links as [TimelineLink, TimelineLink, TimelineLink, TimelineLink];
    expect(faultsOf([first, third, second, fourth]).links).to.deep.equal({
      1: ["position"],
      2: ["position"],
      3: ["position"],
    });
  });

  it("finds an object that stands under another owner's name", () => {
    const owner = `0x${"cd".repeat(20)}`;
    expect(faultsOf(links, { ...object, owner })).to.deep.equal({ links: {}, whole: [{ kind: "object" }] });
  });

  it("finds links that the object's state does not know", () => {
    expect(faultsOf(links, { ...object, length: 3, head: DIGESTS[2] as string }).whole).to.deep.equal([
      { kind: "length", expected: 3, found: 4 },
      { kind: "head" },
    ]);
  });
});
