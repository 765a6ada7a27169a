drop table world.answered;
