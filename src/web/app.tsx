import { Frame } from "./components/frame.tsx";
import { PartnerNamesProvider } from "./components/partner-names.tsx";
import { LanguageProvider } from "./language/language-context.tsx";
import { AccountPage } from "./pages/account.tsx";
import { BlockPage } from "./pages/block.tsx";
import { BlocksPage } from "./pages/blocks.tsx";
import { HomePage } from "./pages/home.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { ObjectPage } from "./pages/object.tsx";
import { OperationPage } from "./pages/operation.tsx";
import { PartnerPage } from "./pages/partner.tsx";
import { PartnersPage } from "./pages/partners.tsx";
import { RecordPage } from "./pages/record.tsx";
import { RecordsPage } from "./pages/records.tsx";
import { SearchPage } from "./pages/search.tsx";
import { VerifyPage } from "./pages/verify.tsx";
import { VoucherPage } from "./pages/voucher.tsx";
import { VouchersPage } from "./pages/vouchers.tsx";
import { NavigationProvider, useNavigation } from "./routing/navigation.tsx";
import { VerificationProvider } from "./verify/verification.tsx";

export function App() {
  return (
    <LanguageProvider>
      <NavigationProvider>
        <PartnerNamesProvider>
          <VerificationProvider>
            <Frame>
              <CurrentPage />
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
    case "object":
      return <ObjectPage id={route.id} />;
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
    case "operation":
      return <OperationPage hash={route.hash} />;
    case "not-found":
      return <NotFoundPage path={route.path} />;
  }
}
