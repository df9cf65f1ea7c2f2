/** Prints what a check found, one line each, and makes the process fail when that is anything. */
export function reportFindings(findings: readonly string[]): void {
  for (const finding of findings) console.error(finding);
  if (findings.length > 0) process.exitCode = 1;
}
