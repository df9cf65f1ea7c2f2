import { BESU_RELEASE } from "../../network/besu-release.ts";
import { installBesu as install } from "../../network/install-besu.ts";
import type { Session } from "../session.ts";
import { details } from "../table.ts";

export async function installBesu(session: Session, target: string, { archive }: { archive?: string }): Promise<void> {
  const { version, sha256, java } = BESU_RELEASE;
  const home = await session.step(`Besu ${version}`, () =>
    install({ target, ...(archive === undefined ? {} : { archive }) }),
  );
  session.output.result({ version, sha256, besuHome: home, java }, (paint) =>
    [
      `${paint.green("✓")} Besu ${version}; it needs Java ${java}`,
      details([
        ["SHA-256 of its archive", sha256],
        ["for the environment", `export BESU_HOME=${home}`],
      ]),
    ].join("\n"),
  );
}
