import { formatAmount, shareOf } from "../format/amount.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";

interface SupplyBarProps {
  readonly circulating: string;
  readonly cap: string;
  readonly decimals: number;
  readonly symbol: string;
}

/** How much of a voucher's cap circulates, as a bar and in words. */
export function SupplyBar({ circulating, cap, decimals, symbol }: SupplyBarProps) {
  const { language, text } = useTexts();
  const [supply, most] = [circulating, cap].map((amount) => formatAmount(amount, decimals, TAGS[language]));
  return (
    <div className="bar-line">
      <ShareBar share={shareOf(circulating, cap)} />
      <p>{text("voucher.supply.of", { supply: supply ?? "", cap: most ?? "", symbol })}</p>
    </div>
  );
}

/** A share from 0 to 1. The number stands beside it, so screen readers leave the picture out. */
export function ShareBar({ share }: { share: number }) {
  return (
    <svg className="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width={share > 0 ? Math.max(share * 100, 1) : 0} height="1" />
    </svg>
  );
}

/** A share in per cent, with as many places as a small one needs. */
export function useShareText(): (share: number) => string {
  const { language } = useTexts();
  const format = new Intl.NumberFormat(TAGS[language], { style: "percent", maximumSignificantDigits: 3 });
  return (share) => format.format(share);
}
