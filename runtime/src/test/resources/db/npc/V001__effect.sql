create table npc.effect (
  id bigint generated always as identity primary key,
  said text not null
);
