import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const LIBRARIES = [
  "/usr/lib/softhsm",
  "/usr/lib/x86_64-linux-gnu/softhsm",
  "/usr/lib64/pkcs11",
  "/opt/homebrew/lib/softhsm",
];
const PIN = "2718";

/** Why no software token can be made here; undefined where one can. */
export function whyNoToken(): string | undefined {
  for (const program of ["softhsm2-util", "pkcs11-tool"]) {
    if (spawnSync(program, ["--version"]).error) return `${program} is not installed (packages softhsm2 and opensc)`;
  }
  return library() === undefined ? "libsofthsm2.so is not found" : undefined;
}

/** A token of a test's own, made by SoftHSM2: a PKCS#11 token as any other, in a folder. */
export interface SoftToken {
  /** Token's label. */
  name: string;
  module: string;
  pinFile: string;
  /** What programs need in their environment to find it. */
  environment: Record<string, string>;
  /** RFC 7512 address of a key in it. */
  uri(label: string): string;
  remove(): void;
}

/** Makes a token, and names it in this process's environment, from which the tool takes it. */
export function makeSoftToken(name = "brop test"): SoftToken {
  const folder = mkdtempSync(join(tmpdir(), "brop-token-test-"));
  const settings = join(folder, "softhsm2.conf");
  const pinFile = join(folder, "pin");
  mkdirSync(join(folder, "tokens"), { mode: 0o700 });
  writeFileSync(settings, `directories.tokendir = ${join(folder, "tokens")}\nlog.level = ERROR\n`);
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 });
  const before = process.env.SOFTHSM2_CONF;
  process.env.SOFTHSM2_CONF = settings;
  execFileSync("softhsm2-util", ["--init-token", "--free", "--label", name, "--pin", PIN, "--so-pin", "31415926"]);
  const module = library() as string;
  return {
    ...{ name, module, pinFile, environment: { SOFTHSM2_CONF: settings } },
    uri: (label) =>
      `pkcs11:token=${encodeURIComponent(name)};object=${encodeURIComponent(label)}?module-path=${module}&pin-source=${pinFile}`,
    remove() {
      if (before === undefined) delete process.env.SOFTHSM2_CONF;
      else process.env.SOFTHSM2_CONF = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function library(): string | undefined {
  return LIBRARIES.map((folder) => join(folder, "libsofthsm2.so")).find(existsSync);
}
