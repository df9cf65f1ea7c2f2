/** Options of every command. */
export interface GlobalOptions {
  rpc?: string;
  keys?: string;
  as?: string;
  wait?: boolean;
  json?: boolean;
  quiet?: boolean;
}
