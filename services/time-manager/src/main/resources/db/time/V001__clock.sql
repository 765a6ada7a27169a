create table time.clock (
  world text primary key,
  version bigint not null,
  announced_to bigint not null
);
comment on table time.clock is 'One row a world. Whoever changes the clock or announces boundaries locks it first.';
comment on column time.clock.version is 'Of the newest anchor.';
comment on column time.clock.announced_to is 'Game second up to which, inclusively, boundaries are announced.';

create table time.clock_anchor (
  world text not null references time.clock,
  version bigint not null,
  real_ms bigint not null,
  game_s bigint not null,
  game_nanos integer not null check (game_nanos between 0 and 999999999),
  num bigint not null check (num > 0),
  den bigint not null check (den > 0),
  pauses text[] not null,
  actor text not null,
  reason text not null,
  primary key (world, version)
);
comment on table time.clock_anchor is 'Every change of a clock; rows are only added. Time runs from the newest.';
comment on column time.clock_anchor.pauses is 'Reasons for which the clock stands still; it runs when there is none.';
create index clock_anchor_real on time.clock_anchor (world, real_ms, version);
create index clock_anchor_game on time.clock_anchor (world, game_s, version);

create table time.boundary (
  world text not null references time.clock,
  kind text not null,
  game_s bigint not null,
  announced_at timestamptz not null default now(),
  primary key (world, kind, game_s)
);
comment on table time.boundary is 'Boundaries that were announced, so that none is announced twice.';
create index boundary_announced_at on time.boundary (announced_at);

create table time.lease (
  name text primary key,
  holder text not null,
  expires_at timestamptz not null
);
comment on table time.lease is 'Which replica alone does a thing.';
