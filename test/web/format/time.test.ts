import { expect } from "chai";
import { formatAge, formatTime } from "../../../src/web/format/time.ts";

const NOON = "2026-11-20T12:00:00Z";
const later = (seconds: number) => Date.parse(NOON) + seconds * 1000;

describe("web: times", () => {
  it("tells ages in the unit that reads best", () => {
    expect(formatAge(NOON, later(5), "en")).to.equal("5 sec. ago");
    expect(formatAge(NOON, later(150), "en")).to.equal("2 min. ago");
    expect(formatAge(NOON, later(3 * 3600), "en")).to.equal("3 hr. ago");
    expect(formatAge(NOON, later(26 * 3600), "en")).to.equal("yesterday");
    expect(formatAge(NOON, later(800 * 86_400), "en")).to.equal("2 yr. ago");
    expect(formatAge(NOON, later(150), "zh-CN")).to.equal("2分钟前");
  });

  it("takes a time ahead of the reader's clock for now", () => {
    expect(formatAge(NOON, later(-4), "en")).to.equal("now");
  });

  it("names the zone where it matters", () => {
    expect(formatTime(NOON, "en", true)).to.match(/2026.*\d\d:00:00 \S+/);
    expect(formatTime(NOON, "en")).to.match(/:00:00$/);
  });
});
