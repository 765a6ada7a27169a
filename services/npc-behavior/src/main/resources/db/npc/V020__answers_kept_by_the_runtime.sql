drop table npc.answered;
