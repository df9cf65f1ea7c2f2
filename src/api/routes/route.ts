import type { FastifyInstance } from "fastify";
import { ACCESS_MEMBER, type Access } from "../access/access.ts";
import type { RouteContext } from "../context.ts";
import { refusals } from "../problems.ts";
import { objectOf, parametersOf, type Schema } from "../schema.ts";

/** Adds one route to the server. */
export type AddRoute = (server: FastifyInstance, context: RouteContext) => void;

interface RouteText {
  /** One line. */
  summary: string;
  description?: string;
  tag: string;
  params?: Readonly<Record<string, Schema>>;
  query?: Readonly<Record<string, Schema>>;
  body?: Schema;
  answer: Schema;
  /** Who may use it. */
  access: Access;
  /** HTTP status of the answer. */
  status?: number;
  /** Whether the answer may also come as 202, before what was waited for. */
  mayBePending?: boolean;
}

/** A route's schema: what is checked when a question comes, and what the OpenAPI document says about it. */
export function routeSchema(route: RouteText) {
  const { summary, description, tag, params, query = {}, body, answer, access, status = 200 } = route;
  const pending = route.mayBePending ? { 202: { description: `${summary}: not at its end yet`, ...answer } } : {};
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    ...(params === undefined ? {} : { params: objectOf(params) }),
    querystring: parametersOf(query),
    ...(body === undefined ? {} : { body }),
    ...(access === "public" ? {} : { security: [{ apiKey: [] }] }),
    [ACCESS_MEMBER]: access,
    response: { [status]: { description: summary, ...answer }, ...pending, ...refusals },
  };
}
