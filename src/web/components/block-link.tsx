import { Link } from "../routing/navigation.tsx";

/** A block by its number. */
export function BlockLink({ number }: { number: number }) {
  return <Link to={{ page: "block", number: String(number) }}>{number}</Link>;
}
