create table kb.library (
  world_id text primary key,
  version bigint not null
);
comment on table kb.library is 'The documents of a world as a whole; each change of them raises the version.';

create table kb.document (
  world_id text not null references kb.library,
  document_id text not null,
  title text not null,
  tags text[] not null,
  sha256 text not null,
  cut_by text not null,
  primary key (world_id, document_id)
);
comment on column kb.document.cut_by is 'Rules by which it was taken apart; others take it apart anew.';

create table kb.section (
  world_id text not null,
  section_id text not null,
  document_id text not null,
  place integer not null,
  headings text[] not null,
  text text not null,
  certainty text not null,
  audience text[] not null,
  terms text[] not null,
  primary key (world_id, section_id),
  foreign key (world_id, document_id) references kb.document on delete cascade
);
comment on column kb.section.audience is 'Clauses; the labels of a clause stand on lines of their own.';
comment on column kb.section.terms is 'Words that are not said to those it is closed to.';
create index section_of_document on kb.section (world_id, document_id);

create table kb.chunk (
  world_id text not null,
  chunk_id text not null,
  section_id text not null,
  place integer not null,
  first_character integer not null,
  end_character integer not null,
  tokens integer not null,
  embedding bytea,
  embedding_space text,
  primary key (world_id, chunk_id),
  foreign key (world_id, section_id) references kb.section on delete cascade,
  check ((embedding is null) = (embedding_space is null))
);
comment on table kb.chunk is 'Passages of sections.';
comment on column kb.chunk.first_character is 'Within the text of the section, in UTF-16 units; so end_character.';
comment on column kb.chunk.embedding is 'Components as 32-bit floating-point numbers, the highest byte first; null until made.';
comment on column kb.chunk.embedding_space is 'Model and number of components; only vectors of one space are compared.';
create index chunk_of_section on kb.chunk (world_id, section_id);

create table kb.knowledge_grant (
  world_id text not null,
  subject_kind text not null check (subject_kind in ('NPC', 'PLAYER')),
  subject_id text not null,
  section_id text not null,
  from_whom text not null,
  learned_at timestamptz not null,
  primary key (world_id, subject_kind, subject_id, section_id)
);
comment on table kb.knowledge_grant is 'Who has learned what. It outlives the section: a document may be taken away and come back.';
