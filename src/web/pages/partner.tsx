import { partner, vouchers } from "../api/queries.ts";
import type { LegalSignature, PartnerDetail } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { RecognitionGraph } from "../charts/recognition-graph.tsx";
import { Card, Facts } from "../components/card.tsx";
import { Hash, WholeHash } from "../components/hash.tsx";
import { LikeNames } from "../components/like-names.tsx";
import { Location } from "../components/location.tsx";
import { PageHead } from "../components/page-head.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { Table } from "../components/table.tsx";
import { Time } from "../components/times.tsx";
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
      <LikeNames name={partner.name} id={partner.address} />
      <Signatures signatures={partner.signatures} />
      <RecognitionGraph centre={partner.address} />
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
