import { getAddress } from "ethers";
import type { RestrictedAccess } from "../access/access.ts";
import { bearerOf } from "../access/authorise.ts";
import { type Principal, principalOf, ROLES } from "../access/principal.ts";
import { orNull } from "../format.ts";
import { address, bodyOf, described, flag, given, listOf, nullable, objectOf, oneOf, text, time } from "../schema.ts";
import { type AddRoute, routeSchema } from "./route.ts";

const LONGEST_MESSAGE = 4_096;
/** Bytes of a signature: a weighted one holds those of several keys. */
const LONGEST_SIGNATURE = 4_096;
const ANYBODY_KNOWN: RestrictedAccess = { scope: null, roles: ROLES };

const who = {
  id: described(text, "Identifier of the key, or `account:0x…`"),
  role: oneOf(ROLES),
  account: nullable(described(address, "The account that this one speaks for")),
  scopes: listOf(text),
};
const until = described(time, "ISO 8601 (UTC)");

const schemas = {
  challenge: routeSchema({
    access: "public",
    tag: "access",
    summary: "A message to sign in with",
    description: "A message of ERC-4361. The account signs it as it is (ERC-191) within ten minutes.",
    body: bodyOf({ account: given.address("Account that signs in") }, ["account"]),
    answer: objectOf({ message: text, nonce: text, expiresAt: until }),
  }),
  signIn: routeSchema({
    access: "public",
    tag: "access",
    summary: "Sign in with a signed message",
    description:
      "The account's contract judges the signature (ERC-1271); an address without code signs with its own key. The token " +
      "holds for 15 minutes, no longer than the signer that signed, and has the role that the chain gives the account. " +
      "Send it as `Authorization: Bearer`. Sign again for another one.",
    status: 201,
    body: bodyOf(
      {
        message: { type: "string", minLength: 1, maxLength: LONGEST_MESSAGE, description: "As it was signed" },
        signature: {
          type: "string",
          pattern: "^0x([0-9a-fA-F]{2})+$",
          maxLength: 2 + 2 * LONGEST_SIGNATURE,
          description: "0x and hexadecimal digits",
        },
      },
      ["message", "signature"],
    ),
    answer: objectOf({ token: described(text, "`bropt_…`, shown only now"), expiresAt: until, ...who }),
  }),
  show: routeSchema({
    access: ANYBODY_KNOWN,
    tag: "access",
    summary: "Who the service takes one for, by key or token",
    answer: objectOf(who),
  }),
  end: routeSchema({
    access: ANYBODY_KNOWN,
    tag: "access",
    summary: "Sign out: end the token",
    description: "A key stays; it is ended with DELETE /v1/api-keys/{id}.",
    answer: objectOf({ ended: described(flag, "Whether there was a token to end") }),
  }),
};

/** POST /sign-in/challenge; POST, GET and DELETE /sign-in */
export const signInRoute: AddRoute = (server, { signIn }) => {
  server.post<{ Body: { account: string } }>(
    "/sign-in/challenge",
    { schema: schemas.challenge },
    async (request, reply) => {
      const { message, nonce, expiresAt } = await signIn.challenge(request.body.account);
      return reply.header("cache-control", "no-store").send({ message, nonce, expiresAt: moment(expiresAt) });
    },
  );
  server.post<{ Body: { message: string; signature: string } }>(
    "/sign-in",
    { schema: schemas.signIn },
    async (request, reply) => {
      const { token, principal, expiresAt } = await signIn.signIn(request.body.message, request.body.signature);
      request.principal = principal;
      const body = { token, expiresAt: moment(expiresAt), ...show(principal) };
      return reply.code(201).header("cache-control", "no-store").send(body);
    },
  );
  server.get("/sign-in", { schema: schemas.show }, async (request, reply) =>
    reply.header("cache-control", "no-store").send(show(principalOf(request))),
  );
  server.delete("/sign-in", { schema: schemas.end }, async (request) => ({
    ended: await signIn.end(bearerOf(request.headers.authorization) ?? ""),
  }));
};

function show({ id, role, account, scopes }: Principal) {
  return { id, role, account: orNull(account, getAddress), scopes };
}

const moment = (milliseconds: number) => new Date(milliseconds).toISOString();
