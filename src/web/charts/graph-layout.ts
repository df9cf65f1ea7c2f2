/** Who accepts whose certifications: an arrow from the one who accepts to the one who is accepted. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly nodes: ReadonlyMap<string, Point>;
  readonly lines: readonly (Edge & { readonly start: Point; readonly end: Point; readonly middle: Point })[];
}

export const WIDTH = 720;
export const HEIGHT = 420;
/** Room around a node for its mark, and at the sides for names. */
const NODE = 10;
const MARGIN = { x: 150, y: 40 };
/** Where on an arrow its label stands: off the middle, so that arrows in both directions have theirs apart. */
const LABEL_PLACE = 0.62;

/** Places nodes on an ellipse in the order of their first edge; the centre, if one is named, in the middle. */
export function layOut(edges: readonly Edge[], centre?: string): GraphLayout {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].filter((name) => name !== centre);
  const middle = { x: WIDTH / 2, y: HEIGHT / 2 };
  const nodes = new Map<string, Point>();
  if (centre !== undefined) nodes.set(centre, middle);
  names.forEach((name, index) => {
    const angle = (2 * Math.PI * index) / names.length - Math.PI;
    nodes.set(name, {
      x: middle.x + (WIDTH / 2 - MARGIN.x) * Math.cos(angle),
      y: middle.y + (HEIGHT / 2 - MARGIN.y) * Math.sin(angle),
    });
  });
  const lines = edges.flatMap((edge) => {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
    if (!from || !to || from === to) return [];
    return [{ ...edge, ...shortened(from, to), middle: between(from, to, LABEL_PLACE) }];
  });
  return { nodes, lines };
}

/** The part of a line that the marks of its nodes leave free. */
function shortened(from: Point, to: Point): { start: Point; end: Point } {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const share = Math.min((NODE + 4) / length, 0.4);
  return { start: between(from, to, share), end: between(to, from, share) };
}

function between(from: Point, to: Point, share: number): Point {
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
