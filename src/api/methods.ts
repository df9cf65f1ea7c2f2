import type { FastifyInstance, FastifyRequest } from "fastify";

interface KnownRoute {
  url: string;
  pattern: RegExp;
  /** Parts that are fixed: of two routes that fit a path, the one with more of them has it. */
  fixed: number;
  methods: Set<string>;
}

/** Which methods there are for a path. */
export class Methods {
  readonly #routes = new Map<string, KnownRoute>();
  readonly #rivals = new Map<string, KnownRoute[]>();

  /** Learns every route of a server that is added from now on. */
  constructor(server: FastifyInstance) {
    server.addHook("onRoute", ({ url, method }) => {
      if (url.includes("*")) return;
      const known = this.#routes.get(url) ?? { url, ...patternOf(url), methods: new Set() };
      for (const each of [method].flat()) known.methods.add(each);
      this.#routes.set(url, known);
      this.#rivals.clear();
    });
  }

  /** The methods of a path, none where there is nothing at all. */
  of(path: string): string[] {
    const fitting = [...this.#routes.values()].filter(({ pattern }) => pattern.test(path));
    const most = Math.max(...fitting.map(({ fixed }) => fixed));
    const owners = fitting.filter(({ fixed }) => fixed === most);
    return [...new Set(owners.flatMap(({ methods }) => [...methods]))].sort();
  }

  /**
   * Whether the path of a request belongs to another route than the one that its method has led to: PUT /a/b is not for
   * PUT /a/:name where there is GET /a/b.
   */
  isElsewhere({ routeOptions, url }: FastifyRequest): boolean {
    const path = url.split("?")[0] as string;
    return this.#rivalsOf(routeOptions.url ?? "").some(({ pattern }) => pattern.test(path));
  }

  /** Routes that have some of the paths which a route would fit. */
  #rivalsOf(url: string): KnownRoute[] {
    const found = this.#rivals.get(url);
    if (found !== undefined) return found;
    const own = this.#routes.get(url);
    const rivals = [...this.#routes.values()].filter(
      (other) => own !== undefined && other.fixed > own.fixed && own.pattern.test(other.url),
    );
    this.#rivals.set(url, rivals);
    return rivals;
  }
}

/** Of `/records/:id` and the like. */
function patternOf(url: string): { pattern: RegExp; fixed: number } {
  const parts = url.split(/:\w+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const fixed = url.split("/").filter((part) => part !== "" && !part.startsWith(":")).length;
  return { pattern: new RegExp(`^${parts.join("[^/]+")}$`), fixed };
}
