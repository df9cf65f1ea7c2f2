-- Indexes that are not there while many blocks are brought in, because building each at once afterwards takes a fraction
-- of the time. A row stands for one that is still to be built; it goes in the transaction that builds it.
create table deferred_indexes (
  name text primary key,
  definition text not null
);
