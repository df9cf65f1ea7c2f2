import { parser } from "@prometheus-io/lezer-promql";

/** A choice of series in an expression. */
export interface Selector {
  name: string;
  /** Labels that it asks for, with the values of those that it wants to be equal. */
  matchers: { label: string; equals: string | undefined }[];
}

/** What an expression of PromQL names. */
export interface Named {
  selectors: Selector[];
  /** Labels by which it sums up or matches. */
  groupings: string[];
}

/** Reads an expression with Prometheus' own grammar. @throws Error where it is none */
export function readPromql(expr: string): Named {
  const selectors: Selector[] = [];
  const groupings: string[] = [];
  const inside: string[] = [];
  parser.parse(expr).iterate({
    enter({ name, type, from, to, node }) {
      const text = expr.slice(from, to);
      if (type.isError) throw new Error(`no PromQL at ${from}: ${expr}`);
      if (name === "VectorSelector") selectors.push({ name: "", matchers: [] });
      const current = selectors.at(-1);
      if (name === "Identifier" && inside.at(-1) === "VectorSelector" && current !== undefined) current.name = text;
      if (name === "LabelName" && inside.at(-1) === "GroupingLabels") groupings.push(text);
      if (name === "UnquotedLabelMatcher" && current !== undefined) {
        const [label, operator, value] = [...children(node)].map(({ from, to }) => expr.slice(from, to));
        const equals = operator === "=" ? JSON.parse(value ?? "") : undefined;
        current.matchers.push({ label: label ?? "", equals });
      }
      inside.push(name);
    },
    leave() {
      inside.pop();
    },
  });
  return { selectors, groupings };
}

type Node = ReturnType<typeof parser.parse>["topNode"];

function* children(node: Node): Generator<Node> {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) yield child;
}
