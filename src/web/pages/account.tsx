import { account, accountRecords, holdings } from "../api/queries.ts";
import type { AccountDetail, AccountName, Holding } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink, CertifierLink } from "../components/account-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { CertificationTable } from "../components/certification-table.tsx";
import { WholeHash } from "../components/hash.tsx";
import { LikeNames } from "../components/like-names.tsx";
import { PageHead } from "../components/page-head.tsx";
import { RecordList } from "../components/record-table.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { ListTable } from "../components/table.tsx";
import { Time } from "../components/times.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { nextPage, useList } from "../components/use-list.ts";
import { formatAmount } from "../format/amount.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

export function AccountPage({ account: id }: { account: string }) {
  const { text } = useTexts();
  const levelName = useLevelName();
  const query = useQuery(`account ${id}`, (signal) => account(id, signal));
  return (
    <>
      <PageHead
        kicker={text("account.title")}
        title={query.data ? query.data.accountId : id}
        aside={query.data && query.data.level > 0 && <span className="badge plain">{levelName(query.data.level)}</span>}
      />
      <Loaded query={query}>{(found) => <AccountParts key={found.address} account={found} />}</Loaded>
    </>
  );
}

function AccountParts({ account }: { account: AccountDetail }) {
  const { text, rich } = useTexts();
  const list = useList(`records of ${account.address}`, (cursor, signal) =>
    accountRecords(account.address, nextPage(cursor), signal),
  );
  const noRecords = { title: text("account.no-records"), words: text("account.no-records.words") };
  return (
    <div className="stack">
      {account.partner && (
        <p className="note">
          {rich("account.is-partner", {
            name: <Link to={{ page: "partner", account: account.address }}>{account.partner.name}</Link>,
          })}
        </p>
      )}
      <Card title={text("account.title")}>
        <div className="card-body">
          <Facts
            rows={[
              [
                text("account.name"),
                account.name ? <NameLine key="name" name={account.name} /> : text("account.name.none"),
              ],
              [text("account.id"), account.accountId],
              [
                text("account.address"),
                <WholeHash key="address" value={account.address} what={text("account.address")} />,
              ],
              [text("account.created"), <Time key="created" value={account.createdAt} />],
              [text("account.creator"), <AccountLink key="creator" address={account.creator} />],
            ]}
          />
        </div>
      </Card>
      {account.name && <LikeNames name={account.name.name} id={account.address} />}
      <Card title={text("account.certifications")} words={text("account.certifications.words")}>
        {account.certifications.length > 0 ? (
          <CertificationTable certifications={account.certifications} />
        ) : (
          <Empty title={text("account.uncertified")} words={text("account.uncertified.words")} />
        )}
      </Card>
      <Holdings address={account.address} />
      <Card title={text("account.records")}>
        <RecordList list={list} empty={noRecords} oneOwner />
      </Card>
    </div>
  );
}

/** A name with what it is worth: from documents that somebody checked, or chosen freely. */
function NameLine({ name: { name, kind, certifier } }: { name: AccountName }) {
  const { rich, text } = useTexts();
  const partner = certifier === null ? "–" : <CertifierLink address={certifier} />;
  return (
    <>
      <bdi>{name}</bdi>{" "}
      <span className="soft small">
        ({kind === "certified" ? rich("account.name.certified", { partner }) : text("account.name.custom")})
      </span>
    </>
  );
}

function Holdings({ address }: { address: string }) {
  const { language, text } = useTexts();
  const list = useList<Holding>(`holdings of ${address}`, (cursor, signal) =>
    holdings(address, nextPage(cursor), signal),
  );
  return (
    <Card title={text("account.holdings")}>
      <ListTable
        caption={text("account.holdings")}
        list={list}
        empty={{ title: text("account.no-holdings"), words: text("account.no-holdings.words") }}
        keyOf={({ voucher, lot }) => `${voucher} ${lot}`}
        columns={[
          {
            title: text("voucher.name"),
            cell: ({ voucher, name }) => <Link to={{ page: "voucher", address: voucher }}>{name}</Link>,
          },
          {
            title: text("voucher.amount"),
            number: true,
            cell: ({ amount, decimals, symbol }) => `${formatAmount(amount, decimals, TAGS[language])} ${symbol}`,
          },
        ]}
      />
    </Card>
  );
}
