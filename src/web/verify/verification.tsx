import { createContext, type ReactNode, useContext } from "react";
import { checkFile, type FileResult } from "./check-file.ts";
import { type FileChecks, useFileChecks } from "./use-file-checks.ts";

const VerificationContext = createContext<FileChecks<FileResult> | undefined>(undefined);

/** Keeps the files that the visitor checks, whichever page took them. */
export function VerificationProvider({ children }: { children: ReactNode }) {
  return <VerificationContext value={useFileChecks(checkFile)}>{children}</VerificationContext>;
}

export function useVerification(): FileChecks<FileResult> {
  const checks = useContext(VerificationContext);
  if (!checks) throw new Error("no VerificationProvider above");
  return checks;
}
