import { expect } from "chai";
import { reportTo } from "../../src/platform/report.ts";

describe("the report of a start", () => {
  it("is one plain line a finished step where there is no terminal", async () => {
    let text = "";
    const report = reportTo({ write: (part) => (text += part) });
    expect(await report.step("Keys", async () => 7)).to.equal(7);
    report.note("Something was put right.");
    expect(text).to.match(/^✓ Keys \(\d+\.\d s\)\n! Something was put right\.\n$/);
  });

  it("marks the step that failed and passes its error on", async () => {
    let text = "";
    const report = reportTo({ write: (part) => (text += part) });
    const failure = new Error("no space");
    const caught = await report.step("Database", () => Promise.reject(failure)).catch((error) => error);
    expect(caught).to.equal(failure);
    expect(text).to.equal("✗ Database\n");
  });

  it("turns a wheel on a terminal and leaves no rest of it on the line", async () => {
    let text = "";
    const report = reportTo({ isTTY: true, write: (part) => (text += part) });
    await report.step("Contracts", () => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(text).to.match(/[⠋⠙⠹] Contracts/);
    const line = text.slice(text.lastIndexOf("\r"));
    expect(line.startsWith("\r\u001b[K")).to.equal(true);
    expect(line)
      .to.contain("Contracts")
      .and.to.match(/s\)[^\n]*\n$/);
  });
});
