import { useQuery } from "../api/use-query.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";
import { loadAccountLabel } from "./account-labels.ts";
import { Hash } from "./hash.tsx";
import { usePartnerName, usePartnerNamesReady } from "./partner-names.tsx";

interface AccountLinkProps {
  readonly address: string;
  /** Leave out who certified it: the words around say so. */
  readonly plain?: boolean;
}

/** An account: a partner by its name, anybody else by account ID and certifier. */
export function AccountLink({ address, plain = false }: AccountLinkProps) {
  const { rich } = useTexts();
  const nameOf = usePartnerName();
  const ready = usePartnerNamesReady();
  const name = nameOf(address);
  const ask = ready && name === undefined;
  const { data: label } = useQuery(`label ${ask} ${address}`, async () =>
    ask ? loadAccountLabel(address) : undefined,
  );
  if (name !== undefined) {
    return (
      <Link to={{ page: "partner", account: address }} title={address}>
        {name}
      </Link>
    );
  }
  if (label === null) return <Hash value={address} />;
  if (label === undefined) return <Hash value={address} to={{ page: "account", account: address }} />;
  const certifier = label.certifier === undefined ? undefined : nameOf(label.certifier);
  return (
    <span className="account">
      <Link to={{ page: "account", account: address }} title={address}>
        {label.accountId}
      </Link>
      {!plain && certifier !== undefined && (
        <span className="soft small">{rich("account.certified-by", { partner: certifier })}</span>
      )}
    </span>
  );
}

/** Who certified an account. Only partners and admission parties can; the latter need no account here. */
export function CertifierLink({ address }: { address: string }) {
  const { text } = useTexts();
  const name = usePartnerName()(address);
  if (name !== undefined) return <AccountLink address={address} />;
  return <span title={address}>{text("certification.admission-party")}</span>;
}
