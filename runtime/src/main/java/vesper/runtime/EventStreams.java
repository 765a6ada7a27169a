package vesper.runtime;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.events.v1.EventStream;
import vesper.options.v1.OptionsProto;
import vesper.options.v1.Stream;

/// Creates the streams that the contracts declare where they are missing, and compares what the
/// server says it keeps with the declaration: an old server drops settings it does not know without
/// a word. Nothing that exists is changed.
final class EventStreams {
  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
  private static final int NOT_FOUND = 404;
  private static final int NAME_IN_USE = 10058;

  private final EventSettings.Profile profile;
  private final AtomicInteger drifting = new AtomicInteger();

  EventStreams(EventSettings.Profile profile, MeterRegistry meters) {
    this.profile = profile;
    Gauge.builder("vesper.topology.drift", drifting, AtomicInteger::get)
        .description("Streams that differ from their declaration")
        .register(meters);
  }

  /// One setting of a stream that is not as declared.
  record Drift(String stream, String setting, String declared, String found) {}

  /// Creates what is missing, and returns what differs.
  List<Drift> reconcile(JetStreamManagement server) throws IOException, JetStreamApiException {
    List<Drift> drifts = new ArrayList<>();
    for (StreamConfiguration declared : declared()) {
      drifts.addAll(compare(declared, existing(server, declared)));
    }
    drifting.set((int) drifts.stream().map(Drift::stream).distinct().count());
    for (Drift drift : drifts) {
      LOG.atWarn()
          .addKeyValue("stream", drift.stream())
          .addKeyValue("setting", drift.setting())
          .addKeyValue("declared", drift.declared())
          .addKeyValue("found", drift.found())
          .log("A stream differs from its declaration");
    }
    return drifts;
  }

  /// Whether all declared streams exist.
  boolean exist(JetStreamManagement server) throws IOException, JetStreamApiException {
    List<String> names = server.getStreamNames();
    return declared().stream().allMatch(stream -> names.contains(stream.getName()));
  }

  private StreamConfiguration existing(JetStreamManagement server, StreamConfiguration declared)
      throws IOException, JetStreamApiException {
    try {
      return withSubjects(
          server, server.getStreamInfo(declared.getName()).getConfiguration(), declared);
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() != NOT_FOUND) {
        throw e;
      }
    }
    try {
      server.addStream(declared);
      LOG.atInfo().addKeyValue("stream", declared.getName()).log("Created a stream");
    } catch (JetStreamApiException e) {
      // Another process was faster, with other settings; the comparison shows them.
      if (e.getApiErrorCode() != NAME_IN_USE) {
        throw e;
      }
    }
    return server.getStreamInfo(declared.getName()).getConfiguration();
  }

  // A new version declares subjects that a stream of an old one does not keep: their events would
  // have nowhere to go. What else differs is for an operator to decide.
  private static StreamConfiguration withSubjects(
      JetStreamManagement server, StreamConfiguration found, StreamConfiguration declared)
      throws IOException, JetStreamApiException {
    if (found.getSubjects().containsAll(declared.getSubjects())) {
      return found;
    }
    Set<String> subjects = new TreeSet<>(found.getSubjects());
    subjects.addAll(declared.getSubjects());
    LOG.atInfo()
        .addKeyValue("stream", found.getName())
        .addKeyValue("subjects", subjects)
        .log("A stream keeps more subjects from now on");
    return server
        .updateStream(StreamConfiguration.builder(found).subjects(subjects).build())
        .getConfiguration();
  }

  private List<StreamConfiguration> declared() {
    return EventStream.getDescriptor().getValues().stream()
        .filter(value -> value.getOptions().hasExtension(OptionsProto.stream))
        .map(this::configuration)
        .toList();
  }

  private StreamConfiguration configuration(EnumValueDescriptor value) {
    Stream stream = value.getOptions().getExtension(OptionsProto.stream);
    boolean cluster = profile == EventSettings.Profile.CLUSTER;
    long mebibytes = cluster ? stream.getMaxMebibytes() : stream.getMaxMebibytesDevelopment();
    return StreamConfiguration.builder()
        .name(stream.getName())
        .subjects(stream.getSubjectsList())
        .maxAge(Duration.ofSeconds(stream.getMaxAge().getSeconds()))
        .maxBytes(mebibytes << 20)
        .duplicateWindow(Duration.ofSeconds(stream.getDuplicateWindow().getSeconds()))
        .storageType(StorageType.File)
        .retentionPolicy(RetentionPolicy.Limits)
        .discardPolicy(DiscardPolicy.Old)
        .replicas(cluster ? 3 : 1)
        .build();
  }

  private static List<Drift> compare(StreamConfiguration declared, StreamConfiguration found) {
    Map<String, Object> wanted = settings(declared);
    List<Drift> drifts = new ArrayList<>();
    settings(found)
        .forEach((setting, value) -> {
          Object want = wanted.get(setting);
          if (!value.equals(want)) {
            drifts.add(
                new Drift(declared.getName(), setting, String.valueOf(want), value.toString()));
          }
        });
    return drifts;
  }

  private static Map<String, Object> settings(StreamConfiguration stream) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("subjects", new TreeSet<>(stream.getSubjects()));
    settings.put("max_age", stream.getMaxAge());
    settings.put("max_bytes", stream.getMaxBytes());
    settings.put("duplicate_window", stream.getDuplicateWindow());
    settings.put("storage", stream.getStorageType());
    settings.put("retention", stream.getRetentionPolicy());
    settings.put("discard", stream.getDiscardPolicy());
    settings.put("num_replicas", stream.getReplicas());
    return settings;
  }
}
