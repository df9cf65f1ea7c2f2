import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { BropError } from "../core/errors.ts";

/** Networks that are no part of the internet (IANA special-purpose registries for IPv4 and IPv6). */
const PRIVATE: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
];

const blocked = new BlockList();
for (const [network, prefix] of PRIVATE) blocked.addSubnet(network, prefix, isIP(network) === 4 ? "ipv4" : "ipv6");

/** Whether an IP address lies inside a network of somebody's own, where a webhook could reach what is not public. */
export function isPrivateAddress(address: string): boolean {
  // An IPv4 address inside IPv6 (::ffff:10.0.0.1) is checked as what it is.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPrivateAddress(mapped);
  const family = isIP(address);
  if (family === 0) return true;
  return blocked.check(address, family === 4 ? "ipv4" : "ipv6");
}

/**
 * Checks the address that somebody wants events sent to.
 *
 * @throws BropError `request.invalid`
 */
export function checkReceiver(text: string, allowPrivate: boolean): URL {
  const refuse = (reason: string) => new BropError("request.invalid", { field: "url", reason });
  if (!URL.canParse(text)) throw refuse("must be an absolute URL");
  const url = new URL(text);
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:"))
    throw refuse("must begin with https://");
  if (url.username !== "" || url.password !== "") throw refuse("must not hold a user name or password");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) throw refuse("is inside a private network");
  return url;
}

/**
 * Name resolution that answers with public addresses only. It is asked at the moment of connecting, so that a name that
 * changes its address between check and use (DNS rebinding) leads nowhere.
 */
export const publicLookup: LookupFunction = (host, options, callback) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, "", 0);
    const open = addresses.filter(({ address }) => !isPrivateAddress(address));
    const first = open[0];
    if (first === undefined) return callback(new Error(`${host} leads into a private network`), "", 0);
    if (options.all) return callback(null, open as never, 0);
    callback(null, first.address, first.family);
  });
};
