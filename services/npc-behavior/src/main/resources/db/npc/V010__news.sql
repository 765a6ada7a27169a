alter table npc.memory add column news_of text;
comment on column npc.memory.news_of is 'Of what people used to say of a flag: its id. There is one such memory for a flag.';
create index memory_news on npc.memory (world_id, news_of) where news_of is not null;
