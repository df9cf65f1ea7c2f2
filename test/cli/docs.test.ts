import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/program.ts";

const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");

/** Full names of the commands that do something. */
function namesOf(command: Command, above: string): string[] {
  return command.commands.flatMap((child) => {
    const name = `${above} ${child.name()}`;
    return child.commands.length === 0 ? [name] : namesOf(child, name);
  });
}

describe("docs/cli.md", () => {
  const program = createProgram();

  it("has an example of every command", () => {
    const names = namesOf(program, "brop");
    expect(names).to.have.length.greaterThan(10);
    for (const name of names) expect(page).to.match(new RegExp(`^${name}( |$)`, "m"), name);
  });

  it("names no command that is not there", () => {
    const names = new Set(namesOf(program, "brop"));
    const groups = new Set(program.commands.filter(({ commands }) => commands.length > 0).map((one) => one.name()));
    for (const [line, first = "", second = ""] of page.matchAll(/^brop ([a-z-]+)(?: ([a-z-]+))?/gm)) {
      expect(names, line).to.include(groups.has(first) ? `brop ${first} ${second}` : `brop ${first}`);
    }
  });

  it("names every option of every command", () => {
    for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
      if (command.name() === "start") continue;
      for (const { long } of command.options) expect(page, command.name()).to.contain(`\`${long}`);
    }
  });
});
