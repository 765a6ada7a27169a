package vesper.time;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import vesper.time.v1.DayChanged;
import vesper.time.v1.HourChanged;
import vesper.time.v1.MoonPhaseChanged;
import vesper.time.v1.Paused;
import vesper.time.v1.PhaseChanged;
import vesper.time.v1.RateChanged;
import vesper.time.v1.Resumed;
import vesper.time.v1.SeasonChanged;
import vesper.time.v1.Skipped;
import vesper.time.v1.YearChanged;

/// Reads what JetStream has stored of the clock's events.
final class StoredEvents {
  private static final Map<String, Message> TYPES =
      Map.of(
          "hour_changed", HourChanged.getDefaultInstance(),
          "phase_changed", PhaseChanged.getDefaultInstance(),
          "day_changed", DayChanged.getDefaultInstance(),
          "moon_phase_changed", MoonPhaseChanged.getDefaultInstance(),
          "season_changed", SeasonChanged.getDefaultInstance(),
          "year_changed", YearChanged.getDefaultInstance(),
          "skipped", Skipped.getDefaultInstance(),
          "rate_changed", RateChanged.getDefaultInstance(),
          "paused", Paused.getDefaultInstance(),
          "resumed", Resumed.getDefaultInstance());

  /// Returns all events of the stream in their order.
  static List<Message> read(URI nats)
      throws IOException, InterruptedException, JetStreamApiException {
    List<Message> events = new ArrayList<>();
    Connection connection = Nats.connect(nats.toString());
    try {
      JetStreamManagement streams = connection.jetStreamManagement();
      long last = streams.getStreamInfo("EVT_WORLD").getStreamState().getLastSequence();
      for (long sequence = 1; sequence <= last; sequence++) {
        var stored = streams.getMessage("EVT_WORLD", sequence);
        events.add(
            parse(
                Objects.requireNonNull(stored.getSubject()),
                Objects.requireNonNull(stored.getData())));
      }
    } finally {
      connection.close();
    }
    return events;
  }

  /// Returns the event of a subject.
  static Message parse(String subject, byte[] data) {
    Message type = TYPES.get(subject.split("\\.", -1)[2]);
    if (type == null) {
      throw new IllegalStateException("Not an event of a clock: " + subject);
    }
    try {
      return type.getParserForType().parseFrom(data);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private StoredEvents() {}
}
