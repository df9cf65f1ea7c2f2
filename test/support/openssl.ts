import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificatesToPem } from "../../src/timestamp/authority/development-identity.ts";
import type { Certified } from "./time-stamp-authorities.ts";

/** Why openssl's time stamps can not be compared with on this machine; undefined: they can. */
export function whyNoOpenssl(): string | undefined {
  const { status, stdout } = spawnSync("openssl", ["version"], { encoding: "utf8" });
  const [, major] = /^OpenSSL (\d+)\./.exec(stdout ?? "") ?? [];
  return status === 0 && Number(major) >= 3 ? undefined : "openssl 3 or later is not installed";
}

/** A folder of files for openssl. */
export class OpensslFolder {
  readonly path = mkdtempSync(join(tmpdir(), "brop-openssl-"));

  file(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  certificate(name: string, ...certified: readonly Certified[]): string {
    return this.file(name, certificatesToPem(certified.map(({ certificate }) => certificate)));
  }

  key(name: string, { key }: Certified): string {
    return this.file(name, key.export({ type: "pkcs8", format: "pem" }) as string);
  }

  /** Settings of `openssl ts -reply` in the section `tsa`. */
  settings(policy: string): string {
    this.file("serial", "01");
    const lines = [
      ...[
        "[tsa]",
        `serial = ${join(this.path, "serial")}`,
        "digests = sha256, sha384, sha512",
        `default_policy = ${policy}`,
      ],
      ...["accuracy = secs:1", "tsa_name = yes", "signer_digest = sha256", "ess_cert_id_alg = sha256"],
    ];
    return this.file("openssl.cnf", `${lines.join("\n")}\n`);
  }

  close(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs openssl. @returns its exit code and all that it wrote */
export function openssl(...args: readonly string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8", timeout: 20_000 });
  return { code: status, text: `${stdout}${stderr}` };
}
