/** Contracts of the genesis allocation (`contracts/types/SystemAddresses.sol`), 40 digits. */
export const SYSTEM_ADDRESSES = {
  EntryPoint: "4337084d9e255ff0702461cf8895ce9e3b5ff108",
  Directory: "000000000000000000000000000000000000b001",
  Council: "000000000000000000000000000000000000b003",
  Admission: "000000000000000000000000000000000000b004",
  Quota: "000000000000000000000000000000000000b005",
} as const;
