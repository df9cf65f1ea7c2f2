/** A variable in storage, or a member of a struct there. */
export interface Variable {
  slot: number;
  /** Bytes from the slot's lowest. */
  offset: number;
  label: string;
  type: string;
}

/** What a type that has a name looks like. Its name carries no numbers of one compilation. */
export interface NamedType {
  bytes: number;
  /** Members of a struct. */
  members?: Variable[];
  /** Members of an enumeration, in order. */
  values?: string[];
}

/** Where an upgradeable contract keeps what. */
export interface Layout {
  storage: Variable[];
  /** Structs, enumerations and value types by name. */
  types: Record<string, NamedType>;
  /** Members of structs at a place of their own (ERC-7201), by the place's name. */
  namespaces?: Record<string, Pick<Variable, "label" | "type">[]>;
}

/** Layouts by contract. */
export type Layouts = Record<string, Layout>;

/** What the compiler says of a contract's storage. */
export interface CompilerLayout {
  storage: { label: string; slot: string; offset: number; type: string }[];
  types: Record<string, CompilerType> | null;
}

interface CompilerType {
  label: string;
  numberOfBytes: string;
  members?: CompilerLayout["storage"];
}

/** A part of the compiler's syntax tree. */
export interface SyntaxNode {
  id?: number;
  nodeType?: string;
  name?: string;
  canonicalName?: string;
  linearizedBaseContracts?: number[];
  nodes?: SyntaxNode[];
  members?: (SyntaxNode & { typeDescriptions?: { typeString: string } })[];
  documentation?: { text?: string };
}

/** Types that are all said by their name: Solidity's own, arrays, mappings, and addresses of contracts. */
const ELEMENTARY = /[[(]|^(u?int\d+|bytes\d*|address( payable)?|bool|string|contract [\w.]+)$/;
const NAMESPACE = /@custom:storage-location (\S+)/;

/**
 * The layout of a contract as it is compared and committed.
 * @param trees syntax trees of all sources that took part in its compilation
 */
export function layoutOf(name: string, compiled: CompilerLayout, trees: readonly SyntaxNode[]): Layout {
  const known = compiled.types ?? {};
  const enumerations = new Map(
    all(trees, "EnumDefinition").map(({ canonicalName, members }) => [canonicalName, namesOf(members)]),
  );
  const variable = ({ slot, offset, label, type }: CompilerLayout["storage"][number]): Variable => {
    return { slot: Number(slot), offset, label, type: known[type]?.label ?? type };
  };
  const types: Record<string, NamedType> = {};
  for (const { label, numberOfBytes, members } of Object.values(known)) {
    const bytes = Number(numberOfBytes);
    const values = label.startsWith("enum ") ? enumerations.get(label.slice("enum ".length)) : undefined;
    if (members !== undefined) types[label] = { bytes, members: members.map(variable) };
    else if (values !== undefined) types[label] = { bytes, values };
    else if (!ELEMENTARY.test(label)) types[label] = { bytes };
  }
  const namespaces = namespacesOf(name, trees);
  return {
    storage: compiled.storage.map(variable),
    types: sorted(types),
    ...(Object.keys(namespaces).length > 0 ? { namespaces: sorted(namespaces) } : {}),
  };
}

function namespacesOf(name: string, trees: readonly SyntaxNode[]): NonNullable<Layout["namespaces"]> {
  const contracts = all(trees, "ContractDefinition");
  const bases = contracts.find((contract) => contract.name === name)?.linearizedBaseContracts ?? [];
  const found: NonNullable<Layout["namespaces"]> = {};
  for (const base of contracts.filter(({ id }) => bases.includes(id ?? -1))) {
    for (const { documentation, members = [] } of all(base.nodes ?? [], "StructDefinition")) {
      const [, namespace] = NAMESPACE.exec(documentation?.text ?? "") ?? [];
      if (namespace === undefined) continue;
      found[namespace] = members.map((member) => ({
        label: member.name ?? "",
        type: member.typeDescriptions?.typeString ?? "",
      }));
    }
  }
  return found;
}

/** All nodes of a kind; definitions stand in sources and in contracts. */
function all(nodes: readonly SyntaxNode[], nodeType: string): SyntaxNode[] {
  return nodes.flatMap((node) => [...(node.nodeType === nodeType ? [node] : []), ...all(node.nodes ?? [], nodeType)]);
}

const namesOf = (members: readonly SyntaxNode[] = []) => members.map(({ name = "" }) => name);

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
