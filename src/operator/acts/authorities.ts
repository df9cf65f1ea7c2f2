import { eventArgument, oneCall, operatorCall } from "./make.ts";

export interface Authority {
  /** SHA-256 of the certificate that its tokens are signed under (DER). */
  certificateDigest: string;
  /** Seconds since 1970, as `notAfter`. */
  notBefore: number;
  notAfter: number;
  /** Object identifier of its time-stamping policy. */
  policy: string;
  /** Where the certificate and its chain can be had. */
  location: string;
}

/** Registers a time-stamping authority under its certificate (EV-2). */
export const registerAuthority = oneCall<Authority>(
  "authority.register",
  ({ certificateDigest, notBefore, notAfter, policy, location }, at) => {
    const values = [certificateDigest, notBefore, notAfter, policy, location];
    return operatorCall(at, "A time-stamping authority is registered", "TimestampAuthorities", "register", values);
  },
  async (_, __, logs) => ({
    authority: Number(eventArgument(logs, "TimestampAuthorities", "AuthorityRegistered", "authority")),
  }),
);

/** A token of a block among the last 256. */
export interface BlockToken {
  blockNumber: number;
  /** Number of the authority. */
  authority: number;
  /** SHA-256 of the token (DER). */
  tokenDigest: string;
  /** Seconds since 1970, as the token states. */
  time: number;
}

/** Puts the digest of a block's time stamp on chain (EV-2). */
export const attachBlockToken = oneCall<BlockToken>(
  "authority.attach-block",
  ({ blockNumber, authority, tokenDigest, time }, at) => {
    const values = [blockNumber, authority, tokenDigest, time];
    return operatorCall(at, `Block ${blockNumber} has a time stamp`, "TimestampAuthorities", "attachToBlock", values);
  },
);

/** Takes no more tokens of an authority, for good. */
export const retireAuthority = oneCall<{ authority: number; ground: string }>(
  "authority.retire",
  ({ authority, ground }, at) =>
    operatorCall(at, `Authority ${authority} is retired`, "TimestampAuthorities", "retire", [authority, ground]),
);
