alter table npc.turn
  add column path text not null default 'SCRIPTED',
  add column degraded text not null default 'UNSPECIFIED',
  add column ending text not null default 'COMPLETE',
  add column passages integer not null default 0,
  add column input_tokens integer not null default 0,
  add column output_tokens integer not null default 0,
  add column deeds text[] not null default '{}',
  add column refusals text[] not null default '{}';
comment on column npc.turn.path is 'Where the words come from: SCRIPTED, MODEL or CACHED.';
comment on column npc.turn.degraded is 'Why they are not the best that could be, or UNSPECIFIED.';
comment on column npc.turn.ending is 'How they ended: COMPLETE, TRUNCATED or GUARD.';
comment on column npc.turn.deeds is 'What the person did, or wanted to.';
comment on column npc.turn.refusals is 'For each of these why it did not happen; empty where it did.';
update npc.turn
set deeds = '{change_relation}',
  refusals = array[case when feelings_moved then '' else 'the talk has moved the relation as far as a talk can' end]
where feelings_moved is not null;
alter table npc.turn drop column feelings_moved;

create table npc.turn_citation (
  conversation_id uuid not null,
  turn integer not null,
  number integer not null,
  title text not null,
  document_id text not null,
  section_id text not null,
  path text not null,
  primary key (conversation_id, turn, number),
  foreign key (conversation_id, turn) references npc.turn
);
comment on table npc.turn_citation is 'Passages that an answer cites.';

create table npc.turn_memory (
  conversation_id uuid not null,
  turn integer not null,
  place integer not null,
  memory_id uuid not null,
  recency double precision not null,
  importance double precision not null,
  relevance double precision not null,
  primary key (conversation_id, turn, place),
  foreign key (conversation_id, turn) references npc.turn
);
comment on table npc.turn_memory is 'Memories that an answer was built from, best first; one that was merged since is gone.';

alter table npc.memory
  add column vector bytea,
  add column vector_model text;
comment on column npc.memory.vector is 'Of the text: float32, little-endian; null until it is made.';
comment on column npc.memory.vector_model is 'Model that made the vector; vectors of two models are never compared.';
create index memory_without_vector on npc.memory (memory_id) where vector is null;
