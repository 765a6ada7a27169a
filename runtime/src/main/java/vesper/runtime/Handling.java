package vesper.runtime;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.nats.client.JetStreamApiException;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles the deliveries of one consumer: each effect once, with the note of it in one
/// transaction; what is away is waited for; what fails is delivered again, and in the end put
/// aside.
final class Handling<E extends Message> implements Lanes.Work {
  private static final Logger LOG = LoggerFactory.getLogger(Handling.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Consumption<E> consumption;
  private final Lease lease;
  private final Stopping stop;
  private final Semaphore permits;

  /// @param permits bounds how many events the process handles at a time
  Handling(Consumption<E> consumption, Lease lease, Stopping stop, Semaphore permits) {
    this.consumption = consumption;
    this.lease = lease;
    this.stop = stop;
    this.permits = permits;
  }

  @Override
  public Lanes.Verdict handle(Delivery delivery, Lanes.Place place) throws InterruptedException {
    if (!delivery.isMeantFor(consumption.durable())) {
      delivery.ack();
      consumption.count("skipped");
      return Lanes.Verdict.DONE;
    }
    Event<E> event;
    try {
      event = read(delivery);
    } catch (InvalidProtocolBufferException | IllegalArgumentException | DateTimeParseException e) {
      return bury(delivery, place, new ErrorText("UNDECODABLE", "it is no " + consumption.type()));
    }
    return untilDecided(delivery, event, place);
  }

  private Lanes.Verdict untilDecided(Delivery delivery, Event<E> event, Lanes.Place place)
      throws InterruptedException {
    Duration pause = SHORTEST_PAUSE;
    while (true) {
      permits.acquire();
      place.handling(true);
      try {
        String outcome = handle(delivery, event) ? "done" : "duplicate";
        delivery.ack();
        consumption.count(outcome);
        return Lanes.Verdict.DONE;
      } catch (LeaseLostException lost) {
        return Lanes.Verdict.LEFT;
      } catch (RuntimeException | Error failure) {
        if (Thread.interrupted()) {
          throw new InterruptedException("the event was given up");
        }
        if (!Outage.heals(failure)) {
          return failed(delivery, place, failure);
        }
        consumption.count("waited");
      } finally {
        place.handling(false);
        permits.release();
      }
      if (stop.await(pause)) {
        return Lanes.Verdict.LEFT;
      }
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /// Makes the effect of an event; false when it was made before.
  private boolean handle(Delivery delivery, Event<E> event) {
    Span span = consumption.begin(delivery.header("traceparent"));
    boolean failed = true;
    try {
      boolean fresh =
          consumption.within(
              event,
              span,
              transaction -> {
                lease.check(transaction);
                boolean first = consumption.inbox().enter(transaction, event.id());
                if (first) {
                  consumption.handler().handle(transaction, event);
                }
                return first;
              });
      failed = false;
      return fresh;
    } finally {
      Tracing.end(span, failed ? "ERROR" : "OK", failed);
    }
  }

  private Lanes.Verdict failed(Delivery delivery, Lanes.Place place, Throwable failure)
      throws InterruptedException {
    int failures = place.failed(Instant.now());
    LOG.atWarn()
        .setCause(failure)
        .addKeyValue("consumer", consumption.durable())
        .addKeyValue("event", delivery.header(Delivery.ID))
        .addKeyValue("delivery", delivery.count())
        .addKeyValue("failures", failures)
        .log("An event could not be handled");
    if (failures >= consumption.settings().maxDeliver()
        || delivery.count() >= consumption.settings().mostDeliveries()) {
      return bury(delivery, place, ErrorText.of(failure));
    }
    consumption.count("failed");
    delivery.again(consumption.settings().pauseAfter(failures));
    return Lanes.Verdict.AGAIN;
  }

  private Lanes.Verdict bury(Delivery delivery, Lanes.Place place, ErrorText error)
      throws InterruptedException {
    DeadLetters.Failure failure =
        new DeadLetters.Failure(
            consumption.stream(),
            consumption.durable(),
            delivery.seq(),
            delivery.count(),
            error,
            place.firstFailed().orElseGet(Instant::now));
    while (true) {
      try {
        consumption
            .letters()
            .put(
                delivery.message().getSubject(),
                delivery.message().getHeaders(),
                delivery.message().getData(),
                failure);
        break;
      } catch (IOException | JetStreamApiException away) {
        if (stop.await(LONGEST_PAUSE)) {
          return Lanes.Verdict.LEFT;
        }
      }
    }
    delivery.end();
    consumption.count("dead");
    LOG.atError()
        .addKeyValue("consumer", consumption.durable())
        .addKeyValue("event", delivery.header(Delivery.ID))
        .addKeyValue("error", error.code())
        .log("An event became a dead letter");
    return Lanes.Verdict.DONE;
  }

  private Event<E> read(Delivery delivery) throws InvalidProtocolBufferException {
    String id = delivery.header(Delivery.ID);
    String time = delivery.header("ce-time");
    String world = delivery.header("ce-worldid");
    if (id == null || id.isEmpty()) {
      throw new IllegalArgumentException("an event without an id");
    }
    return new Event<>(
        consumption.parse(delivery.message().getData()),
        id,
        consumption.type(),
        world == null ? "_" : world,
        EventType.decode(delivery.key()),
        time == null ? delivery.stored() : Instant.parse(time));
  }
}
