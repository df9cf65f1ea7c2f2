import type { Layouts } from "./layout.ts";

/**
 * What is read from storage by others than the contract itself, so that no upgrade may ever change it: validators judge
 * every transaction by the first two slots of Admission.
 */
export const PROTOCOL_LAYOUTS: Layouts = {
  Admission: {
    storage: [
      { slot: 0, offset: 0, label: "_senders", type: "mapping(address => struct IAdmission.Sender)" },
      { slot: 1, offset: 0, label: "_period", type: "uint48" },
    ],
    types: {
      "enum IAdmission.Kind": { bytes: 1, values: ["None", "Operator", "Seat", "Relay"] },
      "struct IAdmission.Sender": {
        bytes: 32,
        members: [
          { slot: 0, offset: 0, label: "kind", type: "enum IAdmission.Kind" },
          { slot: 0, offset: 1, label: "validFrom", type: "uint48" },
          { slot: 0, offset: 7, label: "allowance", type: "uint40" },
          { slot: 0, offset: 12, label: "target", type: "address" },
        ],
      },
    },
  },
};
