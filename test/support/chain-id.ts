export const CHAIN_ID = 8420;
