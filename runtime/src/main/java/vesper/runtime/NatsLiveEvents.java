package vesper.runtime;

import com.google.protobuf.Message;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// Live events of one domain over core NATS.
final class NatsLiveEvents implements LiveEvents {
  private final String domain;
  private final Supplier<Optional<Connection>> connection;
  private final Ids ids;
  private final InstantSource clock;

  NatsLiveEvents(
      String domain, Supplier<Optional<Connection>> connection, Ids ids, InstantSource clock) {
    this.domain = domain;
    this.connection = connection;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public void publish(Message event, String world) {
    EventType type = EventType.of(event, domain);
    if (!type.live()) {
      throw new IllegalArgumentException(
          event.getDescriptorForType().getFullName() + " is not declared live");
    }
    String subject = type.subject(world);
    Headers headers = new Headers();
    type.headers(event, ids.next(), world, clock.instant(), null).forEach(headers::put);
    connection
        .get()
        .filter(at -> at.getStatus() == Connection.Status.CONNECTED)
        .ifPresent(at -> at.publish(subject, headers, event.toByteArray()));
  }
}
