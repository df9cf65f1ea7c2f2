import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import { newSecret, secretText, signedHeaders } from "../../src/push/webhook-signature.ts";

const BODY = '{"type":"brop.records.recorded"}';
const now = () => Math.floor(Date.now() / 1_000);

describe("a webhook's signature", () => {
  it("is what the Standard Webhooks library checks", () => {
    const secret = newSecret();
    const headers = signedHeaders("12-3-0a1b2c3d", now(), BODY, [secret]);
    expect(new Webhook(secretText(secret)).verify(BODY, headers)).to.deep.equal(JSON.parse(BODY));
  });

  it("holds under the new secret and the former one while both are in force", () => {
    const [secret, former] = [newSecret(), newSecret()];
    const headers = signedHeaders("12-3-0a1b2c3d", now(), BODY, [secret, former]);
    for (const one of [secret, former]) new Webhook(secretText(one)).verify(BODY, headers);
    expect(() => new Webhook(secretText(newSecret())).verify(BODY, headers)).to.throw("No matching signature");
  });

  it("does not hold for another body, id or time", () => {
    const secret = newSecret();
    const receiver = new Webhook(secretText(secret));
    const headers = signedHeaders("12-3-0a1b2c3d", now(), BODY, [secret]);
    expect(() => receiver.verify(`${BODY} `, headers)).to.throw("No matching signature");
    expect(() => receiver.verify(BODY, { ...headers, "webhook-id": "12-4-0a1b2c3d" })).to.throw("No matching");
    const late = String(now() + 1);
    expect(() => receiver.verify(BODY, { ...headers, "webhook-timestamp": late })).to.throw("No matching");
  });

  it("comes from a secret of 32 bytes that no two subscriptions share", () => {
    const secrets = new Set([...Array(100)].map(() => secretText(newSecret())));
    expect(secrets.size).to.equal(100);
    for (const secret of secrets) expect(secret).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});
