package vesper.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Which events a consumer of one schema has handled.
record Inbox(String domain, String consumer) {
  private static final int FORGOTTEN_AT_ONCE = 5_000;

  /// Notes in the transaction of the effect that an event is handled; false when it was before.
  boolean enter(Handle transaction, String eventId) {
    return transaction
            .createUpdate(
                "insert into %s.inbox (consumer, event_id) values (:consumer, :id)"
                        .formatted(domain)
                    + " on conflict do nothing")
            .bind("consumer", consumer)
            .bind("id", eventId)
            .execute()
        == 1;
  }

  /// Returns those of some events that are handled.
  Set<String> handled(Handle transaction, Collection<String> eventIds) {
    return new HashSet<>(
        transaction
            .createQuery(
                "select event_id from %s.inbox where consumer = :consumer".formatted(domain)
                    + " and event_id = any(:ids)")
            .bind("consumer", consumer)
            .bindArray("ids", String.class, eventIds)
            .mapTo(String.class)
            .list());
  }

  /// Forgets events that were handled longer ago than a duration, and returns whether there may be
  /// more of them.
  boolean forget(Handle transaction, Duration age) {
    return transaction
            .createUpdate(
                """
                delete from %1$s.inbox where (consumer, event_id) in (
                  select consumer, event_id from %1$s.inbox
                  where consumer = :consumer and at < now() - :seconds * interval '1 s' limit :most)
                """
                    .formatted(domain))
            .bind("consumer", consumer)
            .bind("seconds", age.toSeconds())
            .bind("most", FORGOTTEN_AT_ONCE)
            .execute()
        == FORGOTTEN_AT_ONCE;
  }
}
