import type { Database } from "../../database.ts";

/** A file of which the chain says that it is kept, and what is known of it here. */
export interface Registration {
  owner: Uint8Array;
  digest: Uint8Array;
  /** Bytes, as the chain has it. */
  size: number;
  /** Seconds since 1970. */
  until: number;
  /** The newest file of the owner with this content; what is kept first. */
  file: string;
  fileSize: number;
  deletedAt: number | null;
}

/**
 * Files that were kept here, and that the chain says are kept at a time, behind one of them. Those that their owners keep
 * themselves were never here.
 *
 * @param now seconds since 1970
 */
export function registrationsOfFiles(
  db: Database,
  now: number,
  after: { owner: Uint8Array; digest: Uint8Array },
  limit: number,
): Promise<Registration[]> {
  return db.query<Registration>(
    `select h.owner, h.content_digest as digest, h.size, h.valid_until as until, f.id as file, f.size as "fileSize",
       f.deleted_at as "deletedAt"
     from hosted_files h
     join lateral (
       select id, size, deleted_at from files where files.account = h.owner and files.digest = h.content_digest
       order by deleted_at is not null, kept_from desc limit 1
     ) f on true
     where h.to_block is null and h.ended_at is null and h.valid_until > $1
       and (h.owner, h.content_digest) > ($2, $3)
     order by h.owner, h.content_digest limit $4`,
    [now, after.owner, after.digest, limit],
  );
}
