import { text as readAll } from "node:stream/consumers";
import type { StoredKey } from "../../chain/key-store.node.ts";
import { resolveAccount } from "../accounts.ts";
import type { Session } from "../session.ts";
import { columns, details } from "../table.ts";

export async function create(session: Session, name: string, options: { import?: boolean }): Promise<void> {
  const { keys, password, output } = session;
  const given = options.import ? { privateKey: (await readAll(process.stdin)).trim() } : {};
  const key = await keys.create(name, { ...(password === undefined ? {} : { password }), ...given });
  if (!key.encrypted)
    output.note("the key is not encrypted: for development only; set BROP_KEY_PASSWORD to encrypt keys");
  output.result(key, () => describe(key));
}

export async function list({ keys, output }: Session): Promise<void> {
  const all = await keys.list();
  output.result({ keys: all }, (paint) => {
    if (all.length === 0) return "There are no keys yet. Make one: brop keys create NAME";
    const rows = all.map(({ name, address, account, encrypted }) => [
      name,
      address,
      account ?? "-",
      encrypted ? "encrypted" : "open",
    ]);
    const [head, ...lines] = columns([["NAME", "ADDRESS", "ACCOUNT", "KEPT"], ...rows]).split("\n") as [string];
    return [paint.bold(head), ...lines].join("\n");
  });
}

export async function show(session: Session, name: string, { reveal }: { reveal?: boolean }): Promise<void> {
  const key = await session.keys.get(name);
  const secret = reveal ? { privateKey: (await session.wallet(name)).privateKey } : {};
  session.output.result({ ...key, ...secret }, () =>
    [describe(key), ...(secret.privateKey ? [details([["private key", secret.privateKey]])] : [])].join("\n"),
  );
}

export async function attach(session: Session, name: string, text: string): Promise<void> {
  await session.keys.get(name);
  await session.keys.setAccount(name, await resolveAccount(session, text));
  const key = await session.keys.get(name);
  session.output.result(key, () => describe(key));
}

function describe({ name, address, account, encrypted }: StoredKey): string {
  return details([
    ["key", name],
    ["address", address],
    ["account", account ?? "none yet: a partner gives it one with `brop certify`"],
    ["kept", encrypted ? "encrypted" : "open, for development only"],
  ]);
}
