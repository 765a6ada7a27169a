-- Events that wait for the relay, and for a day those that were published. A relay publishes in order of seq.
create table ${flyway:defaultSchema}.outbox (
  seq bigint generated always as identity primary key,
  event_id text not null unique,
  subject text not null,
  headers text[] not null,
  payload bytea not null,
  created_at timestamptz not null default now(),
  published_at timestamptz
);

create index outbox_waiting on ${flyway:defaultSchema}.outbox (seq) where published_at is null;
create index outbox_published on ${flyway:defaultSchema}.outbox (published_at) where published_at is not null;
