import { askApi } from "../api-client.ts";
import type { Session } from "../session.ts";
import { columns, details } from "../table.ts";

interface ApiKey {
  id: string;
  name: string;
  role: string;
  account: string | null;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

type ShownKey = ApiKey & { key: string };

interface CreateOptions {
  role: string;
  scope: string[];
  account?: string;
  expires?: string;
}

export async function create(session: Session, name: string, options: CreateOptions): Promise<void> {
  const { role, scope, account, expires } = options;
  const asked = {
    ...{ name, role, scopes: scope },
    ...(account === undefined ? {} : { account }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
  };
  showSecret(session, await askApi<ShownKey>(session, "POST", "/api-keys", asked));
}

export async function list(session: Session): Promise<void> {
  const { items } = await askApi<{ items: ApiKey[] }>(session, "GET", "/api-keys");
  session.output.result(items, () =>
    columns([
      ["ID", "ROLE", "NAME", "SCOPES", "ACCOUNT", "STATE"],
      ...items.map((key) => [key.id, key.role, key.name, key.scopes.join(" "), key.account ?? "", stateOf(key)]),
    ]),
  );
}

export async function rotate(session: Session, id: string): Promise<void> {
  showSecret(session, await askApi<ShownKey>(session, "POST", `/api-keys/${encodeURIComponent(id)}/secret`));
}

export async function revoke(session: Session, id: string): Promise<void> {
  const key = await askApi<ApiKey>(session, "DELETE", `/api-keys/${encodeURIComponent(id)}`);
  session.output.result(key, (paint) => `${paint.green("✓")} ${key.id} is ended`);
}

function showSecret(session: Session, key: ShownKey): void {
  session.output.result(key, (paint) =>
    [
      details([
        ["id", key.id],
        ["role", key.role],
        ["scopes", key.scopes.join(" ")],
        ["account", key.account ?? undefined],
        ["expires", key.expiresAt ?? undefined],
      ]),
      `${paint.bold(key.key)}`,
      paint.dim("Keep it now: it is not shown again."),
    ].join("\n"),
  );
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  if (expiresAt === null) return "in force";
  return Date.parse(expiresAt) > Date.now() ? `until ${expiresAt}` : `expired ${expiresAt}`;
}
