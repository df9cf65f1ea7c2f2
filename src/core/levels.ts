import { BropError } from "./errors.ts";

/**
 * Rows that the level table starts with (ID-3); `contracts/types/Levels.sol`. Council may add others: a number is
 * taken as it is.
 */
export const LEVELS = {
  applicant: 1,
  registered: 2,
  anonymous: 3,
  "phone-verified": 4,
  "real-name": 5,
  "digital-certificate": 6,
} as const;

/** What a partner's contract lets it do; bits of `contracts/types/Permissions.sol`. */
export const PARTNER_PERMISSIONS = { identity: 1, evidence: 2, vouchers: 4, custody: 8 } as const;

export type LevelName = keyof typeof LEVELS;
export type PartnerPermission = keyof typeof PARTNER_PERMISSIONS;
export type Level = LevelName | number;

/** The number of a level. @throws BropError `request.invalid` that lists the names */
export function levelNumber(level: Level): number {
  if (typeof level === "number" && Number.isInteger(level) && level > 0 && level < 256) return level;
  if (typeof level === "string" && Object.hasOwn(LEVELS, level)) return LEVELS[level];
  throw new BropError("request.invalid", { field: "level", value: level, known: Object.keys(LEVELS) });
}

/** The name of a level, or its number where it has none here. */
export function levelName(number: number | bigint): string {
  const names = Object.keys(LEVELS) as LevelName[];
  return names.find((name) => BigInt(LEVELS[name]) === BigInt(number)) ?? `level ${number}`;
}

/** The bits of permissions by name. @throws BropError `request.invalid` that lists the names */
export function permissionBits(permissions: readonly PartnerPermission[]): number {
  let bits = 0;
  for (const permission of permissions) {
    if (!Object.hasOwn(PARTNER_PERMISSIONS, permission)) {
      const known = Object.keys(PARTNER_PERMISSIONS);
      throw new BropError("request.invalid", { field: "permissions", value: permission, known });
    }
    bits |= PARTNER_PERMISSIONS[permission];
  }
  return bits;
}

/** Names of the permissions in a mask. */
export function permissionNames(bits: number | bigint): PartnerPermission[] {
  const names = Object.keys(PARTNER_PERMISSIONS) as PartnerPermission[];
  return names.filter((name) => (Number(bits) & PARTNER_PERMISSIONS[name]) !== 0);
}
