create table ai.decision (
  decision_id uuid primary key,
  replica_id text not null,
  seq bigint not null,
  status text not null,
  world_id text not null,
  use_case text not null,
  player_id text not null,
  npc_id text not null,
  conversation_id text not null,
  request_id text not null,
  caller text not null,
  path text not null,
  tier text not null,
  reason text not null,
  finish text not null,
  model text not null,
  endpoint_id text not null,
  input_tokens integer not null,
  cached_tokens integer not null,
  output_tokens integer not null,
  first_text_micros bigint,
  total_micros bigint not null,
  created_at timestamptz not null,
  detail bytea not null,
  unique (replica_id, seq)
);
comment on table ai.decision is 'One row an answer, whichever path made it. A gap in seq is a record that was lost.';
comment on column ai.decision.detail is 'vesper.ai.v1.Decision without what is in decision_body.';
create index decision_newest on ai.decision (created_at, decision_id);
create index decision_player on ai.decision (player_id, created_at, decision_id) where player_id <> '';
create index decision_npc on ai.decision (npc_id, created_at, decision_id) where npc_id <> '';
create index decision_conversation on ai.decision (conversation_id, created_at, decision_id) where conversation_id <> '';

create table ai.decision_body (
  decision_id uuid primary key references ai.decision on delete cascade,
  created_at timestamptz not null,
  output text not null,
  body bytea not null
);
comment on table ai.decision_body is 'Words and prompts, personal data masked. Kept for a shorter time.';
comment on column ai.decision_body.body is 'vesper.ai.v1.Decision with sections and actions only.';
create index decision_body_age on ai.decision_body (created_at);
