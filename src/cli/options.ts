/** Options of every command. */
export interface GlobalOptions {
  rpc?: string;
  keys?: string;
  as?: string;
  json?: boolean;
  quiet?: boolean;
}
