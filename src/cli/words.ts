// How help texts name what can be typed in several ways.

export const ACCOUNT_WORDS = "address, account ID such as 0000-0013, or name of a key";
export const OBJECT_WORDS = "identifier (0x and 64 digits), or the business key of an object of one's own";
