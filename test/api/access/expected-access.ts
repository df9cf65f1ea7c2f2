import type { Role } from "../../../src/api/access/principal.ts";

/** Everybody, also without a key. */
type Expected = "public" | { scope: string | null; roles: readonly Role[] };

const EVERYBODY = "public";
const KNOWN: Expected = {
  scope: "subscriptions",
  roles: ["public", "partner", "operator", "regulator", "bookkeeper"],
};
const ANY_SCOPE: Expected = { ...KNOWN, scope: null };
const DATA_OWNERS: Expected = { scope: "data", roles: ["partner", "operator", "regulator", "bookkeeper"] };
const OPERATORS: Expected = { scope: "operator", roles: ["operator"] };
const KEEPERS_OF_KEYS: Expected = { scope: "api-keys", roles: ["operator"] };

/**
 * Who may use which route, written by hand: the authorisation matrix. It has a line for every route of the OpenAPI
 * document, and says what the routes ought to declare, not what they do.
 */
export const EXPECTED_ACCESS: Readonly<Record<string, Expected>> = {
  "GET /v1/status": EVERYBODY,
  "GET /v1/search": EVERYBODY,
  "GET /v1/records": EVERYBODY,
  "GET /v1/records/{id}": EVERYBODY,
  "GET /v1/objects": EVERYBODY,
  "GET /v1/objects/{id}": EVERYBODY,
  "GET /v1/objects/{id}/timeline": EVERYBODY,
  "GET /v1/accounts": EVERYBODY,
  "GET /v1/accounts/{account}": EVERYBODY,
  "GET /v1/accounts/{account}/certifications": EVERYBODY,
  "GET /v1/accounts/{account}/records": EVERYBODY,
  "GET /v1/accounts/{account}/vouchers": EVERYBODY,
  "GET /v1/certifications": EVERYBODY,
  "GET /v1/partners": EVERYBODY,
  "GET /v1/partners/{account}": EVERYBODY,
  "GET /v1/documents": EVERYBODY,
  "GET /v1/vouchers": EVERYBODY,
  "GET /v1/vouchers/{address}": EVERYBODY,
  "GET /v1/vouchers/{address}/holders": EVERYBODY,
  "GET /v1/vouchers/{address}/transfers": EVERYBODY,
  "GET /v1/voucher-applications": EVERYBODY,
  "GET /v1/operations": EVERYBODY,
  "GET /v1/operations/{hash}": EVERYBODY,
  "GET /v1/blocks": EVERYBODY,
  "GET /v1/blocks/{block}": EVERYBODY,
  "GET /v1/contracts": EVERYBODY,

  "POST /v1/subscriptions": KNOWN,
  "GET /v1/subscriptions": KNOWN,
  "GET /v1/subscriptions/{id}": KNOWN,
  "PATCH /v1/subscriptions/{id}": KNOWN,
  "DELETE /v1/subscriptions/{id}": KNOWN,
  "POST /v1/subscriptions/{id}/secret": KNOWN,
  "POST /v1/subscriptions/{id}/replays": KNOWN,
  "GET /v1/subscriptions/{id}/deliveries": KNOWN,
  "POST /v1/subscriptions/{id}/deliveries": KNOWN,

  "POST /v1/sign-in/challenge": EVERYBODY,
  "POST /v1/sign-in": EVERYBODY,
  "GET /v1/sign-in": ANY_SCOPE,
  "DELETE /v1/sign-in": ANY_SCOPE,
  "POST /v1/schemas": DATA_OWNERS,
  "GET /v1/schemas": DATA_OWNERS,
  "GET /v1/schemas/{schema}": DATA_OWNERS,
  "DELETE /v1/schemas/{schema}": DATA_OWNERS,
  "GET /v1/schemas/{schema}/versions": DATA_OWNERS,
  "POST /v1/data/{schema}": DATA_OWNERS,
  "GET /v1/data/{schema}": DATA_OWNERS,
  "POST /v1/data/{schema}/query": DATA_OWNERS,
  "POST /v1/data/{schema}/aggregate": DATA_OWNERS,
  "GET /v1/data/{schema}/export": DATA_OWNERS,
  "PUT /v1/data/{schema}/{digest}": DATA_OWNERS,
  "GET /v1/data/{schema}/{digest}": DATA_OWNERS,
  "DELETE /v1/data/{schema}/{digest}": DATA_OWNERS,

  "GET /v1/audit": { scope: "audit", roles: ["operator", "regulator"] },

  "POST /v1/api-keys": KEEPERS_OF_KEYS,
  "GET /v1/api-keys": KEEPERS_OF_KEYS,
  "POST /v1/api-keys/{id}/secret": KEEPERS_OF_KEYS,
  "DELETE /v1/api-keys/{id}": KEEPERS_OF_KEYS,

  "GET /v1/operator/acts": OPERATORS,
  "GET /v1/operator/acts/{id}": OPERATORS,
  "POST /v1/operator/acts/{id}/confirmation": OPERATORS,
  "POST /v1/operator/acts/{id}/withdrawal": OPERATORS,
  "POST /v1/operator/applicants": OPERATORS,
  "POST /v1/operator/partners": OPERATORS,
  "POST /v1/operator/partners/{account}/permissions": OPERATORS,
  "POST /v1/operator/partners/{account}/suspension": OPERATORS,
  "POST /v1/operator/partners/{account}/reinstatement": OPERATORS,
  "POST /v1/operator/partners/{account}/termination": OPERATORS,
  "POST /v1/operator/accounts/{account}/quota-class": OPERATORS,
  "POST /v1/operator/documents": OPERATORS,
  "POST /v1/operator/voucher-applications/{application}/approval": OPERATORS,
  "POST /v1/operator/voucher-applications/{application}/refusal": OPERATORS,
  "GET /v1/operator/orders": OPERATORS,
  "POST /v1/operator/orders/{order}/execution": OPERATORS,
  "POST /v1/operator/orders/{order}/report": OPERATORS,
  "POST /v1/operator/timestamp-authorities": OPERATORS,
  "POST /v1/operator/timestamp-authorities/{authority}/retirement": OPERATORS,
  "POST /v1/operator/quota-classes/{quotaClass}": OPERATORS,
  "POST /v1/operator/byte-price": OPERATORS,
  "POST /v1/operator/prices": OPERATORS,
  "POST /v1/operator/senders": OPERATORS,
  "POST /v1/operator/senders/{sender}/removal": OPERATORS,
  "GET /v1/operator/deployment": OPERATORS,
  "POST /v1/operator/deployment": OPERATORS,
  "GET /v1/operator/upgrade": OPERATORS,
  "POST /v1/operator/upgrade": OPERATORS,
};
