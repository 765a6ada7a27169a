package vesper.runtime;

import com.google.protobuf.Message;
import java.time.InstantSource;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// The outbox of one schema.
///
/// Each insert holds a shared advisory lock from before its number is drawn until its transaction
/// ends. So a relay that sees the highest number drawn, and waits until the locks seen then are
/// gone, knows that no lower number can still appear: it publishes in order of the numbers without
/// making writers wait for each other.
final class OutboxTable implements Outbox {
  /// First half of the advisory lock of writers; the second is the hash of the domain.
  static final int WRITERS = 0x76_65_73_01;

  /// The channel that wakes relays; the payload is the domain.
  static final String CHANNEL = "vesper_outbox";

  private final String domain;
  private final Ids ids;
  private final InstantSource clock;
  private final String insert;

  OutboxTable(String domain, Ids ids, InstantSource clock) {
    this.domain = domain;
    this.ids = ids;
    this.clock = clock;
    // The sub-select takes the lock before the outer row draws its number.
    insert =
        """
        with taken as (
          insert into %s.outbox (event_id, subject, headers, payload)
          select :id, :subject, :headers, :payload
          from (select pg_advisory_xact_lock_shared(:writers, :domain) offset 0) as lock
          on conflict (event_id) do nothing
          returning seq)
        select pg_notify(:channel, :name) from taken
        """
            .formatted(domain);
  }

  @Override
  public void publish(Handle transaction, Message event, String world) {
    publish(transaction, event, world, ids.next());
  }

  @Override
  public void publish(Handle transaction, Message event, String world, String eventId) {
    EventType type = EventType.of(event, domain);
    if (type.live()) {
      throw new IllegalArgumentException(
          event.getDescriptorForType().getFullName() + " is declared live and is not kept");
    }
    String traceparent =
        CallContext.find()
            .map(CallContext::span)
            .filter(span -> span.getSpanContext().isValid())
            .map(Tracing::traceparent)
            .orElse(null);
    Map<String, String> headers = type.headers(event, eventId, world, clock.instant(), traceparent);
    transaction
        .createQuery(insert)
        .bind("id", eventId)
        .bind("subject", type.subject(world))
        .bind("headers", flat(headers))
        .bind("payload", event.toByteArray())
        .bind("writers", WRITERS)
        .bind("domain", domain.hashCode())
        .bind("channel", CHANNEL)
        .bind("name", domain)
        .map((_, _) -> true)
        .list();
  }

  private static String[] flat(Map<String, String> headers) {
    String[] flat = new String[2 * headers.size()];
    int at = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      flat[at++] = header.getKey();
      flat[at++] = header.getValue();
    }
    return flat;
  }
}
