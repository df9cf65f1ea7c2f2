import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const INSTALLED = "/usr/lib/postgresql";

export interface PostgresServer {
  url: string;
  stop(): void;
}

/** Why a PostgreSQL server can not be started here; undefined if it can. */
export function whyNoPostgres(): string | undefined {
  if (binaries() === undefined) return "no PostgreSQL server is installed";
  // The server refuses to run as root.
  if (process.getuid?.() === 0 && !hasUser("postgres"))
    return "PostgreSQL does not run as root and there is no user postgres";
  return undefined;
}

/**
 * A server of its own with an empty database, on a free port.
 * @param durable whether a commit waits for the disk
 */
export async function startPostgres(durable = false): Promise<PostgresServer> {
  const bin = binaries() as string;
  const directory = mkdtempSync(join(tmpdir(), "brop-postgres-"));
  const data = join(directory, "data");
  const port = await freePort();
  chmodSync(directory, 0o755);
  if (process.getuid?.() === 0) execFileSync("chown", ["postgres", directory]);
  run(join(bin, "initdb"), ["-D", data, "-U", "brop", "-A", "trust", "-E", "UTF8", "--no-sync"]);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c fsync=${durable ? "on" : "off"} -c unix_socket_directories=${directory}`;
  run(join(bin, "pg_ctl"), ["-D", data, "-w", "-o", options, "-l", join(directory, "log"), "start"]);
  return {
    url: `postgres://brop@127.0.0.1:${port}/postgres`,
    stop() {
      run(join(bin, "pg_ctl"), ["-D", data, "-m", "immediate", "-w", "stop"]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function binaries(): string | undefined {
  if (!existsSync(INSTALLED)) return undefined;
  const newest = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(INSTALLED, newest, "bin");
}

function run(command: string, parameters: string[]): void {
  const asRoot = process.getuid?.() === 0;
  const [file, ...rest] = asRoot
    ? ["runuser", "-u", "postgres", "--", command, ...parameters]
    : [command, ...parameters];
  execFileSync(file as string, rest, { stdio: "ignore", cwd: tmpdir(), env: { ...process.env, LC_ALL: "C.UTF-8" } });
}

function hasUser(name: string): boolean {
  try {
    execFileSync("id", [name], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
