import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const INSTALLED = "/usr/lib/postgresql";

/** Seconds that PostgreSQL's own tools take for a plain dump and for reading it; undefined where they are not installed. */
export function dumpAndRestore(from: string, to: string, file: string): [dump: number, restore: number] | undefined {
  if (!existsSync(INSTALLED)) return undefined;
  const newest = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a))[0] ?? "";
  const program = (name: string) => join(INSTALLED, newest, "bin", name);
  if (!existsSync(program("pg_dump"))) return undefined;
  const timed = (name: string, args: string[]) => {
    const began = performance.now();
    execFileSync(program(name), args, { stdio: ["ignore", "ignore", "inherit"] });
    return (performance.now() - began) / 1_000;
  };
  const dump = timed("pg_dump", ["--file", file, from]);
  return [dump, timed("psql", ["--quiet", "--set=ON_ERROR_STOP=1", "--file", file, to])];
}
