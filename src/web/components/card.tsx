import { type ReactNode, useId } from "react";

interface CardProps {
  readonly title: ReactNode;
  /** Beside the title: a link or a state. */
  readonly aside?: ReactNode;
  readonly words?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a page, a region for screen readers. */
export function Card({ title, aside, words, children }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
        {words !== undefined && <p>{words}</p>}
      </div>
      {children}
    </section>
  );
}

/** Names and values. Rows without a value are left out. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== false)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
