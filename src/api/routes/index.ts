import { STATE_ROUTES } from "../states/index.ts";
import { accountRoute } from "./account.ts";
import { accountCertificationsRoute } from "./account-certifications.ts";
import { accountRecordsRoute } from "./account-records.ts";
import { accountVouchersRoute } from "./account-vouchers.ts";
import { accountsRoute } from "./accounts.ts";
import { apiKeysRoute } from "./api-keys.ts";
import { auditRoute } from "./audit.ts";
import { batchProofsRoute } from "./batch/batch-proofs.ts";
import { batchRecordsRoute } from "./batch/batch-records.ts";
import { revokeLeafRoute } from "./batch/revoke-leaf.ts";
import { sealedBatchesRoute } from "./batch/sealed-batches.ts";
import { takeRecordsRoute } from "./batch/take-records.ts";
import { blockRoute } from "./block.ts";
import { blockSealsRoute } from "./block-seals.ts";
import { blocksRoute } from "./blocks.ts";
import { batchRecordBundleRoute } from "./bundle/batch-record-bundle.ts";
import { recordBundleRoute } from "./bundle/record-bundle.ts";
import { certificationsRoute } from "./certifications.ts";
import { contractsRoute } from "./contracts.ts";
import { dataExportRoute } from "./data-export.ts";
import { dataQueriesRoute } from "./data-queries.ts";
import { dataRowsRoute } from "./data-rows.ts";
import { dataSchemasRoute } from "./data-schemas.ts";
import { deliveriesRoute } from "./deliveries.ts";
import { documentsRoute } from "./documents.ts";
import { fileContentRoute } from "./files/content.ts";
import { filesRoute } from "./files/files.ts";
import { uploadsRoute } from "./files/uploads.ts";
import { fileUsageRoute } from "./files/usage.ts";
import { objectRoute } from "./object.ts";
import { objectTimelineRoute } from "./object-timeline.ts";
import { objectsRoute } from "./objects.ts";
import { operationRoute } from "./operation.ts";
import { operationsRoute } from "./operations.ts";
import { OPERATOR_ROUTES } from "./operator/index.ts";
import { partnerRoute } from "./partner.ts";
import { partnersRoute } from "./partners.ts";
import { recognitionsRoute } from "./recognitions.ts";
import { recordRoute } from "./record.ts";
import { recordTimestampRoute } from "./record-timestamp.ts";
import { recordsRoute } from "./records.ts";
import type { AddRoute } from "./route.ts";
import { searchRoute } from "./search.ts";
import { signInRoute } from "./sign-in.ts";
import { statusRoute } from "./status.ts";
import { subscriptionRoute } from "./subscription.ts";
import { subscriptionsRoute } from "./subscriptions.ts";
import { timestampsRoute } from "./timestamps.ts";
import { handOverAgreementsRoute } from "./uplink/agreements.ts";
import { handOverCertificationsRoute } from "./uplink/certifications.ts";
import { handOverHostedFilesRoute } from "./uplink/hosted-files.ts";
import { handOverOperationsRoute } from "./uplink/operations.ts";
import { handOverRecordsRoute } from "./uplink/records.ts";
import { submissionBatchesRoute } from "./uplink/submission-batches.ts";
import { submissionsRoute } from "./uplink/submissions.ts";
import { handOverVouchersRoute } from "./uplink/vouchers.ts";
import { validatorsRoute } from "./validators.ts";
import { voucherRoute } from "./voucher.ts";
import { voucherApplicationsRoute } from "./voucher-applications.ts";
import { voucherFlowsRoute } from "./voucher-flows.ts";
import { voucherHoldersRoute } from "./voucher-holders.ts";
import { voucherTransfersRoute } from "./voucher-transfers.ts";
import { vouchersRoute } from "./vouchers.ts";

/** Every route, in the order of the OpenAPI document. */
export const ROUTES: readonly AddRoute[] = [
  statusRoute,
  searchRoute,
  recordsRoute,
  recordRoute,
  recordBundleRoute,
  recordTimestampRoute,
  timestampsRoute,
  batchRecordsRoute,
  batchProofsRoute,
  batchRecordBundleRoute,
  objectsRoute,
  objectRoute,
  objectTimelineRoute,
  accountsRoute,
  accountRoute,
  accountCertificationsRoute,
  accountRecordsRoute,
  accountVouchersRoute,
  certificationsRoute,
  partnersRoute,
  partnerRoute,
  recognitionsRoute,
  documentsRoute,
  vouchersRoute,
  voucherRoute,
  voucherHoldersRoute,
  voucherTransfersRoute,
  voucherFlowsRoute,
  voucherApplicationsRoute,
  operationsRoute,
  operationRoute,
  blocksRoute,
  blockRoute,
  blockSealsRoute,
  validatorsRoute,
  contractsRoute,
  ...STATE_ROUTES,
  dataSchemasRoute,
  dataRowsRoute,
  dataQueriesRoute,
  dataExportRoute,
  filesRoute,
  fileContentRoute,
  uploadsRoute,
  fileUsageRoute,
  handOverOperationsRoute,
  handOverRecordsRoute,
  handOverAgreementsRoute,
  handOverCertificationsRoute,
  handOverVouchersRoute,
  takeRecordsRoute,
  revokeLeafRoute,
  sealedBatchesRoute,
  handOverHostedFilesRoute,
  submissionsRoute,
  submissionBatchesRoute,
  subscriptionsRoute,
  subscriptionRoute,
  deliveriesRoute,
  signInRoute,
  apiKeysRoute,
  ...OPERATOR_ROUTES,
  auditRoute,
];
