/** Milliseconds since 1970 (UTC): the parameter, or where it is null the database's own clock. */
export const DATABASE_NOW = (parameter: string): string =>
  `coalesce(${parameter}::int8, (extract(epoch from clock_timestamp()) * 1000)::int8)`;
