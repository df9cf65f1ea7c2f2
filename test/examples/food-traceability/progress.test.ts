import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import colours from "picocolors";
import { bar, Progress } from "../../../examples/food-traceability/progress.ts";

function outputOf(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 40, written, write: (text: string) => written.push(text) };
}

const plain = colours.createColors(false);

describe("Progress", () => {
  it("says each step once it is done, with its time", async () => {
    const output = outputOf(false);
    const result = await new Progress(output, plain).step("Digging", async () => 7);
    expect(result).to.equal(7);
    expect(output.written.join("")).to.match(/^ {2}✓ Digging \(\d+\.\d s\)\n$/);
  });

  it("marks a step that failed and passes its error on", async () => {
    const output = outputOf(false);
    const failure = new Error("stone");
    const step = new Progress(output, plain).step("Digging", () => Promise.reject(failure));
    expect(await step.catch((error: unknown) => error)).to.equal(failure);
    expect(output.written).to.deep.equal(["  ✗ Digging\n"]);
  });

  it("moves on a terminal only, within its width, and ends with the last step", async () => {
    const output = outputOf(true);
    const progress = new Progress(output, plain);
    await Promise.all([
      progress.step("Digging a hole that is much too deep for a line", () => pause(250)),
      progress.step("Resting", async (show) => {
        show("in the shade");
        await pause(120);
      }),
    ]);
    const moving = output.written.filter((text) => text.startsWith("\r"));
    expect(moving.length).to.be.greaterThan(2);
    for (const text of moving) expect(stripVTControlCharacters(text).trimStart().length).to.be.below(40);
    const written = output.written.length;
    await pause(250);
    expect(output.written).to.have.length(written);
  });
});

describe("bar", () => {
  it("fills up to the whole", () => {
    expect(bar(0, 200_000_000)).to.equal(`[${"░".repeat(24)}]   0 %  0 of 200 MB`);
    expect(bar(100_000_000, 200_000_000)).to.equal(`[${"█".repeat(12)}${"░".repeat(12)}]  50 %  100 of 200 MB`);
    expect(bar(200_000_000, 200_000_000)).to.include(`[${"█".repeat(24)}] 100 %`);
  });

  it("is full for an empty file", () => {
    expect(bar(0, 0)).to.include("100 %");
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
