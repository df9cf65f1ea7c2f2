import { isIP } from "node:net";
import { isNodePublicKey } from "../node-key.ts";
import type { NodeDraft } from "./checks.ts";
import {
  DEFAULT_MEMORY,
  DEFAULT_PLATFORM_PORT,
  DEFAULT_PORTS,
  HSM_PROVIDERS,
  type HsmKey,
  type HsmProvider,
  type NodeKey,
  type NodeKind,
  type NodePorts,
} from "./consortium.ts";
import type { Place } from "./place.ts";
import { readHolder } from "./read-holder.ts";

const COMMON = ["name", "host", "rpcHost", "ports", "memory", "key"] as const;
const LOOPBACK = "127.0.0.1";
/** Also a name in files, service units and containers. */
export const NAME = /^[a-z][a-z0-9-]{0,31}$/;
export const NAME_WORDS = "small letters, digits and hyphens, at most 32, a letter first";

/** Reads a node's entry; what is at fault in it has been noted. */
export function readNode(place: Place, kind: NodeKind): NodeDraft | undefined {
  const own = { validator: ["seat", "proof"], full: [], access: ["relay", "platformPort"] } as const;
  const members = place.members([...COMMON, ...own[kind]] as (typeof COMMON)[number][]);
  if (members === undefined) return undefined;
  const { name, host, rpcHost, ports, memory, key } = members;
  const { seat, proof, relay, platformPort } = members as unknown as Record<string, Place>;
  const common = {
    name: name.text(NAME, NAME_WORDS),
    host: readIp(host),
    rpcHost: rpcHost.given ? readIp(rpcHost) : LOOPBACK,
    ports: readPorts(ports),
    memory: memory.given ? memory.text(/^[1-9]\d{0,4}[mg]$/, "Java's memory, such as 2g or 512m") : DEFAULT_MEMORY,
    key: readKey(key),
    place: place.path,
  };
  if (kind === "full") return { kind, ...common } as NodeDraft;
  if (kind === "validator") {
    return {
      kind,
      ...common,
      seat: readHolder(seat as Place),
      ...(proof?.given ? { proof: proof.text(/^0x[0-9a-fA-F]{130}$/, "the key's signature: 0x and 130 digits") } : {}),
    } as NodeDraft;
  }
  const port = platformPort as Place;
  return {
    kind,
    ...common,
    relay: readHolder(relay as Place),
    platformPort: port.given ? port.wholeNumber(1, 65_535) : DEFAULT_PLATFORM_PORT,
  } as NodeDraft;
}

function readIp(place: Place): string | undefined {
  const text = place.text(/./, "an IP address");
  if (text === undefined || isIP(text) === 4) return text;
  return place.fault(`is "${text}"`, "give an IPv4 address: nodes name each other by address, not by name");
}

function readPorts(place: Place): NodePorts | undefined {
  if (!place.given) return DEFAULT_PORTS;
  const names = Object.keys(DEFAULT_PORTS) as (keyof NodePorts)[];
  const members = place.members(names);
  if (members === undefined) return undefined;
  const port = (name: keyof NodePorts) =>
    members[name].given ? members[name].wholeNumber(1, 65_535) : DEFAULT_PORTS[name];
  return Object.fromEntries(names.map((name) => [name, port(name)])) as unknown as NodePorts;
}

/** `file`, or a mapping with the public key of a key that was made elsewhere. */
function readKey(place: Place): NodeKey | undefined {
  if (place.plain || !place.given) {
    const text = place.text(/^file$/, "`file`, or a mapping with publicKey and, for a token, hsm");
    return text === undefined ? undefined : { custody: "file" };
  }
  const members = place.members(["publicKey", "hsm"]);
  if (members === undefined) return undefined;
  const publicKey = readPublicKey(members.publicKey);
  if (!members.hsm.given) return { custody: "own", publicKey: publicKey as string };
  return readHsm(members.hsm, publicKey as string);
}

function readPublicKey(place: Place): string | undefined {
  const words = "the public key of the node's key: 0x and 128 hexadecimal digits";
  const text = place.text(/^0x(04)?[0-9a-fA-F]{128}$/, words)?.toLowerCase();
  if (text === undefined) return undefined;
  const key = `0x${text.slice(-128)}`;
  return isNodePublicKey(key) ? key : place.fault("is no point of secp256k1", words);
}

function readHsm(place: Place, publicKey: string): HsmKey | undefined {
  const members = place.members(["provider", "library", "slot", "alias", "publicKeyAlias"]);
  if (members === undefined) return undefined;
  const { provider, library, slot, alias, publicKeyAlias } = members;
  const words = `one of ${HSM_PROVIDERS.join(", ")}`;
  const known = provider.given ? provider.text(new RegExp(`^(${HSM_PROVIDERS.join("|")})$`), words) : HSM_PROVIDERS[0];
  const key = { custody: "hsm", publicKey, provider: known as HsmProvider } as const;
  const label = "the label of the key in the token";
  const name = alias.text(/^[\w .:-]{1,64}$/, label) as string;
  if (known === "cloudhsm-jce") {
    for (const place of [library, slot]) {
      if (place.given) place.fault("is of no use with cloudhsm-jce", "take it out");
    }
    return { ...key, alias: name, publicKeyAlias: publicKeyAlias.text(/^[\w .:-]{1,64}$/, label) as string };
  }
  if (publicKeyAlias.given) publicKeyAlias.fault(`is of no use with ${known}`, "take it out");
  return {
    ...key,
    alias: name,
    library: library.text(/^\/[\w./+-]+$/, "the path of the token's PKCS#11 library on the node's machine") as string,
    slot: slot.wholeNumber(0, 4_294_967_295) as number,
  };
}
