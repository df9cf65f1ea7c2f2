import { createRequire } from "node:module";
import { type CompilerLayout, type Layout, layoutOf, type SyntaxNode } from "../../../scripts/layouts/layout.ts";

const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };

interface Output {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, { storageLayout: CompilerLayout }>>;
  sources: Record<string, { ast: SyntaxNode }>;
}

/** Compiles sources by name, each with a contract `Kept`. @returns their layouts by the same names */
export function compileLayouts(sources: Readonly<Record<string, string>>): Record<string, Layout> {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, content]) => [
        name,
        { content: `// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.28;\n${content}` },
      ]),
    ),
    settings: { outputSelection: { "*": { "": ["ast"], "*": ["storageLayout"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const failure = output.errors?.find(({ severity }) => severity === "error");
  if (failure !== undefined) throw new Error(failure.formattedMessage);
  return Object.fromEntries(
    Object.keys(sources).map((name) => {
      const compiled = output.contracts[name]?.Kept?.storageLayout as CompilerLayout;
      return [name, layoutOf("Kept", compiled, [output.sources[name]?.ast as SyntaxNode])];
    }),
  );
}
