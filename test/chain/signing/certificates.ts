import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Certificates of a test, in PEM. */
export interface Certificates {
  authority: string;
  /** For 127.0.0.1. */
  server: { certificate: string; key: string };
  client: { certificate: string; key: string };
  /** A client's from another authority. */
  stranger: { certificate: string; key: string };
}

/** Why no certificates can be made here; undefined where they can. */
export function whyNoCertificates(): string | undefined {
  return spawnSync("openssl", ["version"]).status === 0 ? undefined : "openssl is not installed";
}

/** An authority, a service and clients, made anew: nothing of it is kept. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "brop-certificates-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const authority = (name: string) => {
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-days",
      "2",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.crt`,
    );
  };
  const issued = (name: string, by: string) => {
    writeFileSync(join(folder, "names.cnf"), "subjectAltName=IP:127.0.0.1");
    openssl("req", ...newKey, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const signed = [
      "-CA",
      `${by}.crt`,
      "-CAkey",
      `${by}.key`,
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "names.cnf",
    ];
    openssl("x509", "-req", "-in", `${name}.csr`, ...signed, "-out", `${name}.crt`);
    return { certificate: read(`${name}.crt`), key: read(`${name}.key`) };
  };
  try {
    authority("authority");
    authority("other");
    return {
      authority: read("authority.crt"),
      server: issued("server", "authority"),
      client: issued("client", "authority"),
      stranger: issued("stranger", "other"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
