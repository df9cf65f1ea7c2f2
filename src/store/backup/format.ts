/**
 * A backup is text, compressed with gzip, a line of JSON each: the head, then each table with its rows, then the views of
 * business data, then the end. A row is a list of its columns' values as PostgreSQL writes them, so that it can be read
 * into either database.
 */
export interface BackupHead {
  format: "brop-backup";
  chainId: number;
  genesisHash: string;
  /** Newest block of the index. */
  block: number;
  /** Milliseconds since 1970. */
  createdAt: number;
  migrations: { number: number; name: string; checksum: string }[];
}

export interface BackupViews {
  views: { schema: string; name: string; definition: string }[];
}

export interface BackupEnd {
  end: true;
  rows: number;
  /** SHA-256 of everything before this line. */
  sha256: string;
}

/** Schemas of partners' views of their data; the views of the index are made by the program. */
export const TENANT_SCHEMAS = "brop\\_data\\_%";
