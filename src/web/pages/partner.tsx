import { partner, vouchers } from "../api/queries.ts";
import type { LegalSignature, PartnerDetail, Recognition } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { AccountLink } from "../components/account-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Hash, WholeHash } from "../components/hash.tsx";
import { Location } from "../components/location.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/times.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { nextPage, useList } from "../components/use-list.ts";
import { usePermissionWords } from "../components/use-permission-words.ts";
import { VoucherList } from "../components/voucher-table.tsx";
import { useTexts } from "../language/language-context.tsx";
import { Link } from "../routing/navigation.tsx";

export function PartnerPage({ account }: { account: string }) {
  const { text } = useTexts();
  const query = useQuery(`partner ${account}`, (signal) => partner(account, signal));
  return (
    <>
      <PageHead
        kicker={text("hit.partner")}
        title={query.data ? query.data.name : account}
        aside={query.data && <StatusBadge status={query.data.status} />}
      />
      <Loaded query={query}>{(found) => <PartnerParts key={found.address} partner={found} />}</Loaded>
    </>
  );
}

function PartnerParts({ partner }: { partner: PartnerDetail }) {
  const { text } = useTexts();
  const permissionWords = usePermissionWords();
  const list = useList(`vouchers of ${partner.address}`, (cursor, signal) =>
    vouchers({ ...nextPage(cursor), issuer: partner.address }, signal),
  );
  return (
    <div className="stack">
      <Card
        title={text("hit.partner")}
        aside={<Link to={{ page: "account", account: partner.address }}>{text("partner.account")}</Link>}
      >
        <div className="card-body">
          <Facts
            rows={[
              [text("partner.may"), permissionWords(partner.permissions)],
              [
                text("partner.admitted"),
                <Link key="block" to={{ page: "block", number: String(partner.admittedBlock) }}>
                  {partner.admittedBlock}
                </Link>,
              ],
              [text("partner.admission"), <Hash key="admission" value={partner.admissionParty} />],
              [text("partner.document"), partner.document],
              [
                text("account.address"),
                <WholeHash key="address" value={partner.address} what={text("account.address")} />,
              ],
            ]}
          />
        </div>
      </Card>
      <Signatures signatures={partner.signatures} />
      <div className="columns">
        <Recognitions title={text("partner.recognises")} side="recognised" recognitions={partner.recognises} />
        <Recognitions title={text("partner.recognised-by")} side="partner" recognitions={partner.recognisedBy} />
      </div>
      <Card title={text("partner.vouchers")}>
        <VoucherList list={list} empty={{ title: text("partner.no-vouchers") }} />
      </Card>
    </div>
  );
}

function Signatures({ signatures }: { signatures: readonly LegalSignature[] }) {
  const { text } = useTexts();
  return (
    <Card title={text("partner.documents")}>
      {signatures.length === 0 ? (
        <Empty title={text("partner.no-documents")} />
      ) : (
        <Table
          caption={text("partner.documents")}
          items={signatures}
          keyOf={({ document, version, blockNumber }) => `${document} ${version} ${blockNumber}`}
          columns={[
            {
              title: text("signature.document"),
              cell: ({ document, location }) => <Location value={location} name={document} />,
            },
            { title: text("signature.version"), cell: ({ version }) => version },
            { title: text("signature.signed"), cell: ({ signedAt }) => <Time value={signedAt} /> },
            { title: text("signature.digest"), cell: ({ signedDigest }) => <Hash value={signedDigest} /> },
          ]}
        />
      )}
    </Card>
  );
}

interface RecognitionsProps {
  readonly title: string;
  /** Which end of the recognition is listed. */
  readonly side: "partner" | "recognised";
  readonly recognitions: readonly Recognition[];
}

function Recognitions({ title, side, recognitions }: RecognitionsProps) {
  const { text } = useTexts();
  const levelName = useLevelName();
  return (
    <Card title={title} words={side === "recognised" ? text("partner.recognition.words") : undefined}>
      {recognitions.length === 0 ? (
        <Empty title={text("partner.no-recognition")} />
      ) : (
        <Table
          caption={title}
          items={recognitions}
          keyOf={(recognition) => recognition[side]}
          columns={[
            { title: text("recognition.partner"), cell: (recognition) => <AccountLink address={recognition[side]} /> },
            { title: text("recognition.from"), cell: ({ fromLevel }) => levelName(fromLevel) },
          ]}
        />
      )}
    </Card>
  );
}
