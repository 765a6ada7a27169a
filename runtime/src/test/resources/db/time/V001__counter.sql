create table time.counter (
  name text primary key,
  value bigint not null
);
