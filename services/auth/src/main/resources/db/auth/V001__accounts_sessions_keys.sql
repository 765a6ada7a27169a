create table auth.account (
  id uuid primary key,
  kind text not null check (kind in ('GUEST', 'PLAYER')),
  status text not null check (status in ('ACTIVE', 'BANNED')),
  roles text[] not null,
  worlds text[] not null,
  age_band text not null check (age_band in ('CHILD', 'TEEN', 'ADULT', 'UNKNOWN')),
  token_epoch bigint not null,
  created_at timestamptz not null,
  version bigint not null
);

-- What an account can be proven with. The account follows in the same transaction.
create table auth.identity (
  provider text not null,
  external_id text not null,
  account_id uuid not null references auth.account (id) deferrable initially deferred,
  secret_hash text not null,
  created_at timestamptz not null,
  primary key (provider, external_id)
);

create index identity_account on auth.identity (account_id);

-- One row a session. Of its refresh tokens only the one with this counter is live.
create table auth.session_family (
  id uuid primary key,
  account_id uuid not null references auth.account (id),
  world text not null,
  counter bigint not null,
  rotated_at timestamptz not null,
  expires_at timestamptz not null,
  absolute_expires_at timestamptz not null,
  revoked_at timestamptz,
  reason text check (reason in ('LOGOUT', 'REUSE')),
  check ((revoked_at is null) = (reason is null))
);

create index session_family_account on auth.session_family (account_id);
create index session_family_expiry on auth.session_family (expires_at);

-- Whether a key is next, active or retired follows from the activation of its generation and the one after it.
create table auth.signing_key (
  generation bigint primary key,
  public_x text not null unique,
  private_sealed bytea not null,
  activates_at timestamptz not null
);

-- One row a failed login. The subject is a keyed hash of the name that was tried, whether anybody has it or not.
create table auth.login_guard (
  subject bytea not null,
  failed_at timestamptz not null
);

create index login_guard_subject on auth.login_guard (subject, failed_at desc);
create index login_guard_failed_at on auth.login_guard (failed_at);
