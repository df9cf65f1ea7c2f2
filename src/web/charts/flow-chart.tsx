import { useState } from "react";
import { flows } from "../api/queries.ts";
import type { FlowDay, Voucher } from "../api/types.ts";
import { useQuery } from "../api/use-query.ts";
import { Card } from "../components/card.tsx";
import { Empty, Loaded } from "../components/states.tsx";
import { Table } from "../components/table.tsx";
import { formatAmount, shareOf } from "../format/amount.ts";
import { TAGS } from "../language/language.ts";
import { useTexts } from "../language/language-context.tsx";

const SPANS = [7, 30, 90, 365];
const FLOWS = ["allocated", "transferred", "redeemed"] as const;
const [DAY_WIDTH, HEIGHT] = [12, 120];

/** What moved of a voucher day by day: bars, and the same as a table. */
export function FlowChart({ voucher: { address, decimals, symbol, circulating } }: { voucher: Voucher }) {
  const { text } = useTexts();
  const [days, setDays] = useState(30);
  // Asked anew when the supply changes.
  const query = useQuery(`flows ${address} ${days} ${circulating}`, (signal) => flows(address, days, signal));
  return (
    <Card
      title={text("flows.title")}
      words={text("flows.words", { days })}
      aside={
        <select aria-label={text("flows.span")} value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {SPANS.map((span) => (
            <option key={span} value={span}>
              {text("flows.days", { days: span })}
            </option>
          ))}
        </select>
      }
    >
      <Loaded query={query}>
        {({ items }) =>
          items.every(({ movements }) => movements === 0) ? (
            <Empty title={text("flows.quiet")} />
          ) : (
            <div className="card-body stack tight">
              <Bars days={items} />
              <Legend />
              <details>
                <summary>{text("flows.table")}</summary>
                <FlowTable days={items} decimals={decimals} symbol={symbol} />
              </details>
            </div>
          )
        }
      </Loaded>
    </Card>
  );
}

function Bars({ days }: { days: readonly FlowDay[] }) {
  const { text } = useTexts();
  const most = mostOf(days.map((day) => FLOWS.reduce((sum, flow) => sum + BigInt(day[flow]), 0n)));
  return (
    <svg
      className="flows"
      viewBox={`0 0 ${days.length * DAY_WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text("flows.picture", { days: days.length })}
    >
      {days.map((day, index) => {
        let top = HEIGHT;
        return (
          <g key={day.day}>
            {FLOWS.map((flow) => {
              const height = shareOf(day[flow], most) * HEIGHT;
              top -= height;
              const box = { x: index * DAY_WIDTH + 1, y: top, width: DAY_WIDTH - 2, height };
              return height > 0 && <rect key={flow} className={flow} {...box} />;
            })}
          </g>
        );
      })}
    </svg>
  );
}

function mostOf(amounts: readonly bigint[]): bigint {
  let most = 1n;
  for (const amount of amounts) if (amount > most) most = amount;
  return most;
}

function Legend() {
  const { text } = useTexts();
  return (
    <ul className="legend small">
      {FLOWS.map((flow) => (
        <li key={flow} className={flow}>
          {text(`flows.${flow}`)}
        </li>
      ))}
    </ul>
  );
}

function FlowTable({ days, decimals, symbol }: { days: readonly FlowDay[]; decimals: number; symbol: string }) {
  const { language, text } = useTexts();
  const amount = (base: string) => formatAmount(base, decimals, TAGS[language]);
  return (
    <Table
      caption={`${text("flows.title")} (${symbol})`}
      items={days.filter(({ movements }) => movements > 0)}
      keyOf={({ day }) => day}
      columns={[
        { title: text("flows.day"), cell: ({ day }) => <time dateTime={day}>{day}</time> },
        ...FLOWS.map((flow) => ({
          title: text(`flows.${flow}`),
          number: true,
          cell: (day: FlowDay) => amount(day[flow]),
        })),
        { title: text("flows.movements"), number: true, cell: ({ movements }: FlowDay) => movements },
      ]}
    />
  );
}
