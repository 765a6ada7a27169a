-- Answers of rpcs that were called with an idempotency key. A row commits with the effect of its call.
create table ${flyway:defaultSchema}.kept_answer (
  principal text not null,
  method text not null,
  idempotency_key text not null,
  request_sha256 bytea not null,
  answer bytea,
  answered_at timestamptz not null default now(),
  primary key (principal, method, idempotency_key)
) with (fillfactor = 70);
comment on column ${flyway:defaultSchema}.kept_answer.answer is 'Null only inside the transaction that makes the answer.';

create index kept_answer_age on ${flyway:defaultSchema}.kept_answer (answered_at);
