import { expect } from "chai";
import { progressBar } from "../../src/cli/progress-bar.ts";

const MEGABYTE = 1024 * 1024;

describe("The progress bar of large files", () => {
  function terminal(isTTY: boolean) {
    const written: string[] = [];
    return { isTTY, written, write: (text: string) => written.push(text) };
  }

  it("shows how far the reading is, and takes itself away at the end", () => {
    const screen = terminal(true);
    const show = progressBar("folder/film.mp4", {}, screen);
    for (const done of [50, 50.1, 100]) show?.(done * MEGABYTE, 100 * MEGABYTE);
    expect(screen.written).to.have.length(2);
    expect(screen.written[0]).to.contain(" 50 %").and.contain("film.mp4");
    expect(screen.written[1]).to.equal("\r\u001b[K");
  });

  it("says nothing for small files", () => {
    const screen = terminal(true);
    progressBar("note.txt", {}, screen)?.(1, 2);
    expect(screen.written).to.deep.equal([]);
  });

  it("is not there without a terminal, nor with --json or --quiet", () => {
    expect(progressBar("film.mp4", {}, terminal(false))).to.equal(undefined);
    expect(progressBar("film.mp4", { json: true }, terminal(true))).to.equal(undefined);
    expect(progressBar("film.mp4", { quiet: true }, terminal(true))).to.equal(undefined);
  });
});
