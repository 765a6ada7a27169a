create table world.world (
  id text collate "C" primary key,
  name text not null,
  pack_version text not null,
  pack_digest text not null,
  head_seq bigint not null,
  entities integer not null check (entities >= 0),
  made_flags integer not null check (made_flags >= 0),
  created_at timestamptz not null
) with (fillfactor = 50);
comment on table world.world is 'One row a world. Its lock orders the changes of the world, so it is taken last and held shortly.';
comment on column world.world.head_seq is 'Number of the last change.';
comment on column world.world.entities is 'How many are not removed.';
comment on column world.world.made_flags is 'How many flags have a value and are not the pack''s.';

create table world.entity (
  world text collate "C" not null,
  id text collate "C" not null,
  type text not null,
  region text not null,
  x integer,
  y integer,
  z integer,
  yaw integer,
  tags text[] not null,
  components jsonb not null,
  version bigint not null,
  removed boolean not null,
  changed_at timestamptz not null,
  primary key (world, id)
) with (fillfactor = 80);
comment on column world.entity.removed is 'What is left of a removed entity is its version, which goes on when the id is used again.';
create index entity_type on world.entity (world, type, id) where not removed;
create index entity_region on world.entity (world, region, id) where not removed;
create index entity_place on world.entity (world, region, x, y) where not removed and x is not null;
create index entity_tags on world.entity using gin (tags) where not removed;

create table world.flag (
  world text collate "C" not null,
  id text collate "C" not null,
  truth boolean,
  number bigint,
  word text,
  version bigint not null,
  changed_at timestamptz not null,
  primary key (world, id),
  check (num_nonnulls(truth, number, word) <= 1)
) with (fillfactor = 80);
comment on table world.flag is 'Flags that were ever set. Without a value a flag is as the pack says.';

create table world.change (
  world text collate "C" not null,
  seq bigint not null,
  kind text not null check (kind in ('CREATED', 'CHANGED', 'REMOVED', 'FLAG')),
  subject text collate "C" not null,
  fields text[] not null,
  region_before text not null,
  region_after text not null,
  actor text not null,
  at timestamptz not null,
  primary key (world, seq)
);
comment on table world.change is 'Every change in its order, without gaps; old ones are dropped from the front.';

create table world.answered (
  caller text not null,
  idempotency_key text not null,
  request_hash text not null,
  answer bytea,
  answered_at timestamptz not null,
  primary key (caller, idempotency_key)
);
create index answered_at on world.answered (answered_at);

create table world.token_key (
  only_one boolean primary key check (only_one),
  key bytea not null
);
comment on table world.token_key is 'Makes resume tokens of one replica good at the others.';
