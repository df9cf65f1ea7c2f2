import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of the repository: committed or about to be. */
export interface RepositoryFile {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * The text files that git knows or would add, with what they hold now.
 *
 * @throws Error outside a git checkout
 */
export function readRepositoryFiles(root: string): RepositoryFile[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return listed
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
    .filter(({ text }) => !text.includes("\0"));
}
