import { deploy, deploymentPlan, upgrade, upgradePlan } from "../../../operator/acts/platform.ts";
import { address, hash, listOf, nullable, objectOf, oneOf, text, whole } from "../../schema.ts";
import { type AddRoute, routeSchema } from "../route.ts";
import { actRoute, deskOf, OPERATORS } from "./act-route.ts";
import { fields } from "./fields.ts";

const common = { tag: "operator", access: OPERATORS } as const;
const bytes = { type: "string" };

const deploymentSchema = routeSchema({
  ...common,
  summary: "What a deployment would do",
  description: "Nothing is changed. Addresses follow from the contracts' code.",
  answer: objectOf({
    addresses: { type: "object", additionalProperties: address, description: "Contracts by name" },
    missing: listOf(text, "Names that are not complete"),
    steps: listOf(text, "Transactions that it takes"),
  }),
});

const upgradeSchema = routeSchema({
  ...common,
  summary: "How the network's contracts compare with those of this version",
  description: "Nothing is changed. Each step can be repeated by anybody with the same checkout.",
  answer: objectOf({
    contracts: listOf(
      objectOf({
        name: text,
        address,
        state: oneOf(["current", "outdated", "fixed"]),
        from: { ...address, description: "Code that runs" },
        to: { ...address, description: "Code of this version" },
      }),
    ),
    creations: listOf(objectOf({ what: text, address }), "Code that is missing on the network"),
    calls: listOf(objectOf({ what: text, target: address, data: bytes }), "What Council would be asked to do"),
    reason: nullable({ ...hash, description: "Digest that the proposal states as its reason" }),
    proposal: nullable({
      ...{ type: "object", required: ["id", "status", "votes", "quorum"], additionalProperties: false },
      properties: { id: text, status: oneOf(["open", "agreed"]), votes: whole, quorum: whole, executableFrom: whole },
      description: "The proposal of these calls, while it is not decided",
    }),
  }),
});

const plans: AddRoute = (server, context) => {
  server.get("/operator/deployment", { schema: deploymentSchema }, () => deploymentPlan(deskOf(context).at));
  server.get("/operator/upgrade", { schema: upgradeSchema }, async () => {
    const { contracts, creations, calls, reason = null, proposal = null } = await upgradePlan(deskOf(context).at);
    return { contracts, creations, calls, reason, proposal };
  });
};

export const platformActRoutes = [
  plans,
  actRoute({
    path: "/operator/deployment",
    kind: deploy,
    summary: "Deploy the contracts of this version that are missing",
    description:
      "Lists them in Directory and publishes their first prices. It goes on where an interrupted one stopped.",
  }),
  actRoute({
    path: "/operator/upgrade",
    kind: upgrade,
    summary: "Create the code that the network lacks, and propose it to Council",
    description:
      "Votes decide. Without a seat's key (BROP_SEAT_KEY) it ends with the calls, for a seat to propose. A build that would " +
      "misread what is stored is refused.",
    body: { reason: fields.reason },
  }),
];
