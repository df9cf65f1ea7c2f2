import { holders, redemptions, transfers, voucher } from "../api/queries.ts";
import type { Holder, Redemption, Transfer, Voucher } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { FlowChart } from "../charts/flow-chart.tsx";
import { AccountLink } from "../components/account-link.tsx";
import { Card, Facts } from "../components/card.tsx";
import { WholeHash } from "../components/hash.tsx";
import { LikeNames } from "../components/like-names.tsx";
import { Location } from "../components/location.tsx";
import { PageHead } from "../components/page-head.tsx";
import { QrCard } from "../components/qr-code.tsx";
import { Loaded } from "../components/states.tsx";
import { StatusBadge } from "../components/status-badge.tsx";
import { ShareBar, SupplyBar, useShareText } from "../components/supply-bar.tsx";
import { ListTable } from "../components/table.tsx";
import { Time } from "../components/times.tsx";
import { useLevelName } from "../components/use-level-name.ts";
import { nextPage, useList } from "../components/use-list.ts";
import { formatAmount, shareOf } from "../format/amount.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";

const INTERVAL = 6000;

export function VoucherPage({ address }: { address: string }) {
  const { text } = useTexts();
  const query = useQuery(`voucher ${address}`, (signal) => voucher(address, signal), { every: INTERVAL });
  return (
    <>
      <PageHead
        kicker={text("hit.voucher")}
        title={query.data ? query.data.name : address}
        aside={query.data && <span className="badge plain">{query.data.symbol}</span>}
        words={query.data?.product}
      />
      <Loaded query={query}>{(found) => <VoucherParts key={found.address} voucher={found} />}</Loaded>
    </>
  );
}

function VoucherParts({ voucher }: { voucher: Voucher }) {
  const { language, text } = useTexts();
  const levelName = useLevelName();
  const shareText = useShareText();
  const digest = (value: string, what: string) => <WholeHash value={value} what={what} />;
  return (
    <div className="stack">
      <Card
        title={text("voucher.supply")}
        aside={
          <span className="soft">
            {text("voucher.share", { share: shareText(shareOf(voucher.circulating, voucher.cap)) })}
          </span>
        }
      >
        <div className="card-body supply">
          <p className="large">
            {formatAmount(voucher.circulating, voucher.decimals, TAGS[language])}{" "}
            <span className="soft">{voucher.symbol}</span>
          </p>
          <SupplyBar {...voucher} />
        </div>
      </Card>
      <FlowChart voucher={voucher} />
      <Holders voucher={voucher} />
      <Transfers voucher={voucher} />
      <Redemptions voucher={voucher} />
      <LikeNames name={voucher.name} id={voucher.address} />
      <Card title={text("voucher.about")} words={text("voucher.no-endorsement")}>
        <div className="card-body">
          <Facts
            rows={[
              [text("voucher.issuer"), <AccountLink key="issuer" address={voucher.issuer} />],
              [text("voucher.product"), voucher.product],
              [text("voucher.category"), voucher.legalCategory],
              [text("voucher.holder-level"), levelName(voucher.holderLevel)],
              [text("voucher.location"), voucher.uri !== "" && <Location value={voucher.uri} />],
              [text("voucher.terms"), digest(voucher.termsDigest, text("voucher.terms"))],
              [text("voucher.declaration"), digest(voucher.declarationDigest, text("voucher.declaration"))],
              [text("voucher.created"), <Time key="created" value={voucher.createdAt} />],
              [text("voucher.contract"), digest(voucher.address, text("voucher.contract"))],
            ]}
          />
        </div>
      </Card>
      <QrCard to={{ page: "voucher", address: voucher.address }} />
    </div>
  );
}

function Holders({ voucher: { address, circulating, decimals, holders: count } }: { voucher: Voucher }) {
  const { language, text } = useTexts();
  const shareText = useShareText();
  // Asked anew when the supply changes.
  const list = useList<Holder>(`holders of ${address} ${circulating}`, (cursor, signal) =>
    holders(address, nextPage(cursor), signal),
  );
  return (
    <Card title={text("voucher.holders")} words={text("voucher.holders.count", { count })}>
      <ListTable
        caption={text("voucher.holders")}
        list={list}
        empty={{ title: text("voucher.no-holders") }}
        keyOf={({ holder, lot }) => `${holder} ${lot}`}
        columns={[
          { title: text("voucher.holder"), cell: ({ holder }) => <AccountLink address={holder} /> },
          {
            title: text("voucher.amount"),
            number: true,
            cell: ({ amount }) => formatAmount(amount, decimals, TAGS[language]),
          },
          {
            title: text("voucher.holder-share"),
            cell: ({ amount }) => (
              <div className="bar-line">
                <ShareBar share={shareOf(amount, circulating)} />
                <p>{shareText(shareOf(amount, circulating))}</p>
              </div>
            ),
          },
        ]}
      />
    </Card>
  );
}

function Transfers({ voucher: { address, decimals, circulating } }: { voucher: Voucher }) {
  const { language, text } = useTexts();
  const list = useList<Transfer>(`transfers of ${address} ${circulating}`, (cursor, signal) =>
    transfers(address, nextPage(cursor), signal),
  );
  return (
    <Card title={text("voucher.transfers")}>
      <ListTable
        caption={text("voucher.transfers")}
        list={list}
        empty={{ title: text("voucher.no-transfers") }}
        keyOf={({ blockNumber, logIndex, lot, recipient }) => `${blockNumber} ${logIndex} ${lot} ${recipient}`}
        columns={[
          {
            title: text("voucher.from"),
            cell: ({ sender }) => (sender === null ? text("voucher.allocated") : <AccountLink address={sender} />),
          },
          {
            title: text("voucher.to"),
            cell: ({ recipient }) =>
              recipient === null ? text("voucher.redeemed") : <AccountLink address={recipient} />,
          },
          {
            title: text("voucher.amount"),
            number: true,
            cell: ({ amount }) => formatAmount(amount, decimals, TAGS[language]),
          },
          { title: text("voucher.time"), cell: ({ time }) => <Time value={time} /> },
        ]}
      />
    </Card>
  );
}

function Redemptions({ voucher: { address, decimals, symbol, circulating } }: { voucher: Voucher }) {
  const { language, text } = useTexts();
  const list = useList<Redemption>(`redemptions of ${address} ${circulating}`, (cursor, signal) =>
    redemptions(address, nextPage(cursor), signal),
  );
  return (
    <Card title={text("redemptions.title")}>
      <ListTable
        caption={text("redemptions.title")}
        list={list}
        empty={{ title: text("redemptions.empty") }}
        keyOf={({ id }) => String(id)}
        columns={[
          { title: text("voucher.holder"), cell: ({ holder }) => <AccountLink address={holder} /> },
          {
            title: text("voucher.amount"),
            number: true,
            cell: ({ amount }) => `${formatAmount(amount, decimals, TAGS[language])} ${symbol}`,
          },
          { title: text("redemption.until"), number: true, cell: ({ lastBlock }) => lastBlock },
          { title: text("record.status"), cell: ({ status }) => <StatusBadge status={status} /> },
        ]}
      />
    </Card>
  );
}
