const GROUPS = 8;
/** Groups of 16 bits that one subscriber has: a /64. */
const OF_ONE_SUBSCRIBER = 4;
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/**
 * Whom an address stands for: itself with IPv4, the /64 around it with IPv6, of which one subscriber has all addresses
 * (RFC 6177).
 */
export function addressGroup(address: string): string {
  const bare = address.split("%")[0] as string;
  const mapped = MAPPED.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!bare.includes(":")) return bare;
  const [head = "", tail = ""] = bare.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const gap = bare.includes("::") ? GROUPS - before.length - after.length : 0;
  const groups = [...before, ...Array.from({ length: gap }, () => "0"), ...after];
  const network = groups.slice(0, OF_ONE_SUBSCRIBER).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
