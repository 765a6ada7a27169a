alter table npc.memory add column news_change bigint;
comment on column npc.memory.news_change is 'Of what people used to say of a flag: number of the change that ended it.';
