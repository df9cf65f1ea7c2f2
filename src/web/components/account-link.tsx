import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { Hash } from "./hash.tsx";
import { usePartnerName } from "./partner-names.tsx";

/** An account: a partner by its name, anybody else by the address. */
export function AccountLink({ address }: { address: string }) {
  const name = usePartnerName()(address);
  if (name === undefined) return <Hash value={address} to={{ page: "account", account: address }} />;
  return (
    <Link to={{ page: "partner", account: address }} title={address}>
      {name}
    </Link>
  );
}

/** Who certified an account. Only partners and admission parties can; the latter need no account here. */
export function CertifierLink({ address }: { address: string }) {
  const { text } = useTexts();
  const name = usePartnerName()(address);
  if (name !== undefined) return <AccountLink address={address} />;
  return <span title={address}>{text("certification.admission-party")}</span>;
}
