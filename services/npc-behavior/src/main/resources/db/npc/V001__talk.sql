create table npc.conversation (
  conversation_id uuid primary key,
  world_id text not null,
  npc_id text not null,
  player_id text not null,
  started_at timestamptz not null,
  last_turn_at timestamptz not null,
  turns integer not null,
  trust double precision not null,
  affection double precision not null,
  respect double precision not null,
  fear double precision not null,
  subject text,
  ended_at timestamptz,
  summary text
);
comment on table npc.conversation is 'A talk of a player with a person.';
comment on column npc.conversation.trust is 'How far the talk has moved it; so affection, respect and fear.';
comment on column npc.conversation.subject is 'What was asked about last.';
create unique index conversation_open on npc.conversation (world_id, npc_id, player_id) where ended_at is null;
create index conversation_pair on npc.conversation (world_id, npc_id, player_id);

create table npc.turn (
  conversation_id uuid not null references npc.conversation,
  turn integer not null,
  world_id text not null,
  npc_id text not null,
  player_id text not null,
  utterance text not null,
  answer text not null,
  lines text[] not null,
  notes text[] not null,
  intent text not null,
  feeling text,
  intensity double precision,
  feelings_moved boolean,
  memories integer not null,
  decision_id uuid not null,
  game_seconds bigint not null,
  said_at timestamptz not null,
  first_text_micros bigint not null,
  over boolean not null,
  idempotency_key text,
  request_hash text,
  primary key (conversation_id, turn)
);
comment on table npc.turn is 'What was said once, and the answer; also the record of how it came about.';
comment on column npc.turn.lines is 'Ids of the lines, knowledge and memories that the answer is made of.';
comment on column npc.turn.notes is 'What a summary says of it.';
comment on column npc.turn.feelings_moved is 'Null when the answer did not touch them.';
create unique index turn_key on npc.turn (player_id, idempotency_key) where idempotency_key is not null;
create index turn_of_player on npc.turn (player_id, said_at);
create index turn_of_pair on npc.turn (world_id, npc_id, player_id, said_at);

create table npc.running_turn (
  world_id text not null,
  npc_id text not null,
  player_id text not null,
  holder uuid not null,
  idempotency_key text,
  request_hash text not null,
  expires_at timestamptz not null,
  primary key (world_id, npc_id, player_id)
);
comment on table npc.running_turn is 'Answers under way: at most one for a person and a player.';

create table npc.memory (
  memory_id uuid primary key,
  world_id text not null,
  npc_id text not null,
  player_id text not null,
  kind text not null,
  text text not null,
  importance smallint not null check (importance between 1 and 10),
  created_game_seconds bigint not null,
  last_used_game_seconds bigint not null,
  pinned boolean not null,
  subject text,
  predicate text,
  value text,
  superseded_by uuid,
  sources uuid[] not null
);
comment on table npc.memory is 'What a person remembers of a player, or of the world where player_id is empty.';
comment on column npc.memory.value is 'Of the fact it states, with subject and predicate; null when it states none.';
comment on column npc.memory.superseded_by is 'The memory that states the same thing newer.';
comment on column npc.memory.sources is 'Memories that were merged into it.';
create index memory_newest on npc.memory (world_id, npc_id, player_id, created_game_seconds desc, memory_id desc);
create unique index memory_current_fact on npc.memory (world_id, npc_id, player_id, subject, predicate)
  where predicate is not null and superseded_by is null;

create table npc.relation (
  world_id text not null,
  npc_id text not null,
  other_id text not null,
  trust double precision not null,
  affection double precision not null,
  respect double precision not null,
  fear double precision not null,
  since_game_seconds bigint not null,
  announced double precision not null,
  version bigint not null,
  primary key (world_id, npc_id, other_id)
);
comment on table npc.relation is 'How a person stood to another at a moment; from then on it settles to the baseline.';
comment on column npc.relation.announced is 'The standing that was last published.';

create table npc.answered (
  caller text not null,
  idempotency_key text not null,
  request_hash text not null,
  answer bytea,
  answered_at timestamptz not null,
  primary key (caller, idempotency_key)
);
comment on table npc.answered is 'Answers of rpcs that were called with an idempotency key, kept for a day.';
create index answered_at on npc.answered (answered_at);
