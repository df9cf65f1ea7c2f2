import { createContext, type ReactNode, useContext } from "react";
import { type FileVerdict, lookUpFile } from "./lookup.ts";
import { type FileChecks, useFileChecks } from "./use-file-checks.ts";

const VerificationContext = createContext<FileChecks<FileVerdict> | undefined>(undefined);

/** Keeps the files that the visitor checks, whichever page took them. */
export function VerificationProvider({ children }: { children: ReactNode }) {
  return <VerificationContext value={useFileChecks(lookUpFile)}>{children}</VerificationContext>;
}

export function useVerification(): FileChecks<FileVerdict> {
  const checks = useContext(VerificationContext);
  if (!checks) throw new Error("no VerificationProvider above");
  return checks;
}
