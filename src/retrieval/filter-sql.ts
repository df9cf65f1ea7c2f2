import type { Conditions } from "../store/queries/conditions.ts";
import type { Field } from "./field.ts";
import { fromText, SQL_TYPES } from "./field-values.ts";
import type { Condition } from "./filter.ts";
import { typedColumn } from "./index-table.ts";

/** Adds checked conditions on an index table `i` (and its documents `d` where they ask for owner or record). */
export function addConditions(conditions: Conditions, fields: readonly Field[], filter: readonly Condition[]): void {
  for (const condition of filter) addCondition(conditions, fields, condition);
}

/** Whether conditions want the documents beside the index. */
export function wantDocuments(filter: readonly Condition[]): boolean {
  return filter.some(({ kind }) => kind === "owner" || kind === "recorded");
}

function addCondition(conditions: Conditions, fields: readonly Field[], condition: Condition): void {
  if (condition.kind === "owner") {
    conditions.add("d.owner = decode(?::text, 'hex')", condition.address);
  } else if (condition.kind === "recorded") {
    const recorded = "exists (select from public.records r where r.digest = d.digest and r.owner = d.owner)";
    conditions.add(condition.is ? recorded : `not ${recorded}`);
  } else {
    addFieldCondition(conditions, fields[condition.column] as Field, condition);
  }
}

type FieldCondition = Exclude<Condition, { kind: "owner" | "recorded" }>;

function addFieldCondition(conditions: Conditions, { type }: Field, condition: FieldCondition): void {
  const column = `i.${typedColumn(condition.column)}`;
  switch (condition.kind) {
    case "equal":
      conditions.add(`${column} = ${fromText(type, "?")}`, condition.value);
      break;
    case "in":
      conditions.add(`${column} = any(?::text[]::${arrayType(type)})`, condition.values);
      break;
    case "compare":
      conditions.add(`${column} ${condition.comparison} ${fromText(type, "?")}`, condition.value);
      break;
    case "null":
      conditions.add(`${column} is ${condition.is ? "" : "not "}null`);
      break;
    case "search":
      conditions.add(`i.g${condition.column} @> ?::text[]`, condition.grams);
      conditions.add(`strpos(i.s${condition.column}, ?::text) > 0`, condition.text);
      break;
  }
}

const arrayType = (type: Field["type"]) => (type === "text" ? "text[]" : `${SQL_TYPES[type]}[]`);
