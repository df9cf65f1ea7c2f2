import { Frame } from "./components/frame.tsx";
import { LazyPage, lazyPage } from "./components/lazy-page.tsx";
import { PartnerNamesProvider } from "./components/partner-names.tsx";
import { LanguageProvider } from "./language/language-context.tsx";
import { HomePage } from "./pages/home.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { SearchPage } from "./pages/search.tsx";
import { VerifyPage } from "./pages/verify.tsx";
import { NavigationProvider, useNavigation } from "./routing/navigation.tsx";
import { VerificationProvider } from "./verify/verification.tsx";

// Pages beyond the first steps come when they are asked for.
const RecordsPage = lazyPage(async () => (await import("./pages/records.tsx")).RecordsPage);
const RecordPage = lazyPage(async () => (await import("./pages/record.tsx")).RecordPage);
const CertificatePage = lazyPage(async () => (await import("./pages/certificate.tsx")).CertificatePage);
const ObjectPage = lazyPage(async () => (await import("./pages/object.tsx")).ObjectPage);
const BatchPage = lazyPage(async () => (await import("./pages/batch.tsx")).BatchPage);
const AgreementsPage = lazyPage(async () => (await import("./pages/agreements.tsx")).AgreementsPage);
const AgreementPage = lazyPage(async () => (await import("./pages/agreement.tsx")).AgreementPage);
const AccountPage = lazyPage(async () => (await import("./pages/account.tsx")).AccountPage);
const PartnersPage = lazyPage(async () => (await import("./pages/partners.tsx")).PartnersPage);
const PartnerPage = lazyPage(async () => (await import("./pages/partner.tsx")).PartnerPage);
const VouchersPage = lazyPage(async () => (await import("./pages/vouchers.tsx")).VouchersPage);
const VoucherPage = lazyPage(async () => (await import("./pages/voucher.tsx")).VoucherPage);
const BlocksPage = lazyPage(async () => (await import("./pages/blocks.tsx")).BlocksPage);
const BlockPage = lazyPage(async () => (await import("./pages/block.tsx")).BlockPage);
const ValidatorsPage = lazyPage(async () => (await import("./pages/validators.tsx")).ValidatorsPage);
const OrdersPage = lazyPage(async () => (await import("./pages/orders.tsx")).OrdersPage);
const OrderPage = lazyPage(async () => (await import("./pages/order.tsx")).OrderPage);
const OperationPage = lazyPage(async () => (await import("./pages/operation.tsx")).OperationPage);

export function App() {
  return (
    <LanguageProvider>
      <NavigationProvider>
        <PartnerNamesProvider>
          <VerificationProvider>
            <Frame>
              <LazyPage>
                <CurrentPage />
              </LazyPage>
            </Frame>
          </VerificationProvider>
        </PartnerNamesProvider>
      </NavigationProvider>
    </LanguageProvider>
  );
}

function CurrentPage() {
  const { route } = useNavigation();
  switch (route.page) {
    case "home":
      return <HomePage />;
    case "search":
      return <SearchPage query={route.query} />;
    case "verify":
      return <VerifyPage digest={route.digest} />;
    case "records":
      return <RecordsPage />;
    case "record":
      return <RecordPage id={route.id} />;
    case "certificate":
      return <CertificatePage id={route.id} />;
    case "object":
      return <ObjectPage id={route.id} />;
    case "batch":
      return <BatchPage id={route.id} />;
    case "agreements":
      return <AgreementsPage />;
    case "agreement":
      return <AgreementPage id={route.id} />;
    case "account":
      return <AccountPage account={route.account} />;
    case "partners":
      return <PartnersPage />;
    case "partner":
      return <PartnerPage account={route.account} />;
    case "vouchers":
      return <VouchersPage />;
    case "voucher":
      return <VoucherPage address={route.address} />;
    case "blocks":
      return <BlocksPage />;
    case "block":
      return <BlockPage number={route.number} />;
    case "validators":
      return <ValidatorsPage />;
    case "orders":
      return <OrdersPage />;
    case "order":
      return <OrderPage number={route.number} />;
    case "operation":
      return <OperationPage hash={route.hash} />;
    case "not-found":
      return <NotFoundPage path={route.path} />;
  }
}
