import { spawn } from "node:child_process";
import { BootstrapError } from "./failure.mjs";
import { projectEnvironment } from "./node.mjs";

/**
 * Runs a program without showing its output, unless it fails.
 *
 * @param {string} root repository root, the working folder
 * @param {string} command
 * @param {string[]} args
 * @param {string} advice what the reader can do when it fails
 * @throws {BootstrapError} with the whole output when the program fails
 */
export async function runQuietly(root, command, args, advice) {
  const output = /** @type {Buffer[]} */ ([]);
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: projectEnvironment(root),
      stdio: ["ignore", "pipe", "pipe"],
      // On Windows npm is a script, which only a shell can start.
      shell: command === "npm" && process.platform === "win32",
    });
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new BootstrapError(
    `${Buffer.concat(output)}\n\`${[command, ...args].join(" ")}\` failed (see above). ${advice}`,
  );
}
