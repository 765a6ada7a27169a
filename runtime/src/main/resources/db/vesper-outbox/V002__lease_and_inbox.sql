-- Which process alone does a thing. A schema of an older version may have such a table, without the fence.
do $$
begin
  if to_regclass('${flyway:defaultSchema}.lease') is null then
    create table ${flyway:defaultSchema}.lease (
      name text primary key,
      holder text not null,
      fence bigint not null,
      expires_at timestamptz not null
    );
  else
    alter table ${flyway:defaultSchema}.lease add column fence bigint not null default 0;
  end if;
end
$$;
comment on column ${flyway:defaultSchema}.lease.fence is 'Rises by one with each holder; work of an earlier one is refused.';

-- Events whose effect has committed, by the consumer that made it.
create table ${flyway:defaultSchema}.inbox (
  consumer text not null,
  event_id text not null,
  at timestamptz not null default now(),
  primary key (consumer, event_id)
);
create index inbox_at on ${flyway:defaultSchema}.inbox (at);
