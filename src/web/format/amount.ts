/**
 * Base units as people write them: `1234500`, 2 decimals -> "12,345".
 * @param locale tag for the grouping of digits
 */
export function formatAmount(base: string | bigint, decimals: number, locale: string): string {
  const value = BigInt(base);
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = BigInt(digits.slice(0, digits.length - decimals));
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  const point = new Intl.NumberFormat(locale).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? ".";
  const sign = negative ? "-" : "";
  return `${sign}${new Intl.NumberFormat(locale).format(whole)}${fraction === "" ? "" : point + fraction}`;
}

/** `part` of `whole` as a share from 0 to 1; 0 of nothing is 0. Exact to a millionth, whatever the size. */
export function shareOf(part: string | bigint, whole: string | bigint): number {
  const total = BigInt(whole);
  if (total <= 0n) return 0;
  const millionths = (BigInt(part) * 1_000_000n) / total;
  return Math.min(Number(millionths) / 1_000_000, 1);
}
