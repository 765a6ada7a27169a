package vesper.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfoOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures how far the consumers of this process are behind, and how many of their events are dead
/// letters.
final class ConsumerGauges implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(ConsumerGauges.class);
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  private final NatsLink nats;
  private final List<Measured> all = new ArrayList<>();

  ConsumerGauges(NatsLink nats, List<? extends Consumption<?>> consumptions, MeterRegistry meters) {
    this.nats = nats;
    for (Consumption<?> consumption : consumptions) {
      Measured measured = new Measured(consumption.stream(), consumption.durable());
      Gauge.builder("vesper.events.lag", measured.lag(), AtomicLong::get)
          .tags("stream", measured.stream(), "consumer", measured.consumer())
          .description("Events that wait for a consumer or are under way")
          .register(meters);
      Gauge.builder("vesper.dlq.depth", measured.dead(), AtomicLong::get)
          .tags("consumer", measured.consumer())
          .description("Dead letters of a consumer")
          .register(meters);
      all.add(measured);
    }
  }

  private record Measured(String stream, String consumer, AtomicLong lag, AtomicLong dead) {
    Measured(String stream, String consumer) {
      this(stream, consumer, new AtomicLong(), new AtomicLong());
    }
  }

  @Override
  public String name() {
    return "consumer-gauges";
  }

  @Override
  public void run(Stopping stop) throws InterruptedException {
    do {
      try {
        measure(nats.jetStream());
      } catch (IOException | JetStreamApiException | IllegalStateException away) {
        LOG.atDebug().setCause(away).log("Not known how far consumers are");
      }
    } while (!stop.await(BETWEEN));
  }

  private void measure(JetStreamManagement server) throws IOException, JetStreamApiException {
    Map<String, Long> letters =
        server
            .getStreamInfo("DLQ", StreamInfoOptions.filterSubjects("dlq.>"))
            .getStreamState()
            .getSubjectMap();
    for (Measured one : all) {
      one.dead().set(letters.getOrDefault("dlq." + one.stream() + "." + one.consumer(), 0L));
      ConsumerInfo info = server.getConsumerInfo(one.stream(), one.consumer());
      one.lag().set(info.getNumPending() + info.getNumAckPending());
    }
  }
}
