import type { TextName } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";

type StatusName = TextName extends infer Name ? (Name extends `status.${infer Status}` ? Status : never) : never;

const TONES: Partial<Record<StatusName, "good" | "warn" | "bad">> = {
  absent: "warn",
  valid: "good",
  active: "good",
  admitted: "good",
  included: "good",
  superseded: "warn",
  suspended: "warn",
  expired: "warn",
  displaced: "warn",
  effective: "good",
  executed: "good",
  reported: "good",
  redeemed: "good",
  proposed: "warn",
  filed: "warn",
  presented: "warn",
  cancelled: "warn",
  lapsed: "warn",
  withdrawn: "warn",
  refused: "bad",
  overdue: "bad",
  revoked: "bad",
  terminated: "bad",
  failed: "bad",
};

/** A state in words and colour; never in colour alone. */
export function StatusBadge({ status }: { status: StatusName }) {
  const { text } = useTexts();
  return <span className={`badge ${TONES[status] ?? ""}`}>{text(`status.${status}`)}</span>;
}
