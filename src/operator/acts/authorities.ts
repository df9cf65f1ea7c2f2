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

/** Takes no more tokens of an authority, for good. */
export const retireAuthority = oneCall<{ authority: number; ground: string }>(
  "authority.retire",
  ({ authority, ground }, at) =>
    operatorCall(at, `Authority ${authority} is retired`, "TimestampAuthorities", "retire", [authority, ground]),
);
