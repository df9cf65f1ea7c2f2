-- First block that a subscription asked for, where that was still to come. Null: whatever comes.
alter table subscriptions add column first_block bigint;
