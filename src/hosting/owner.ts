/** Whose a file is, and who acts. */
export interface Owner {
  tenant: string;
  principal: string;
  account: Uint8Array | null;
}
