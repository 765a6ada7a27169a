package vesper.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Set<String> drifting = ConcurrentHashMap.newKeySet();

  EventStreams(EventSettings.Profile profile, MeterRegistry meters) {
    this.profile = profile;
    Gauge.builder("vesper.topology.drift", drifting, Set::size)
        .description("Streams and consumers that differ from their declaration")
        .register(meters);
  }

  /// One setting of a stream or consumer that is not as declared.
  record Drift(String stream, String setting, String declared, String found) {}

  /// Returns the stream that keeps the events of a domain.
  static String of(String domain) {
    return streams()
        .filter(stream -> stream.getSubjectsList().contains("evt." + domain + ".>"))
        .map(Stream::getName)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no stream keeps events of " + domain));
  }

  /// Creates what is missing, and returns what differs.
  List<Drift> reconcile(JetStreamManagement server) throws IOException, JetStreamApiException {
    List<Drift> drifts = new ArrayList<>();
    for (StreamConfiguration declared : declared()) {
      drifts.addAll(
          compare(declared.getName(), settings(declared), settings(existing(server, declared))));
    }
    declared().forEach(stream -> drifting.remove(stream.getName()));
    note(drifts);
    return drifts;
  }

  /// Creates a durable consumer that is missing and brings one that exists up to date, as far as
  /// the server does that; what differs then is noted like drift of a stream.
  void reconcile(JetStreamManagement server, String stream, ConsumerConfiguration declared)
      throws IOException, JetStreamApiException {
    String durable = Objects.requireNonNull(declared.getDurable());
    ConsumerConfiguration found;
    try {
      found = server.addOrUpdateConsumer(stream, declared).getConsumerConfiguration();
    } catch (JetStreamApiException refused) {
      // It exists, and differs in what cannot be changed.
      found = server.getConsumerInfo(stream, durable).getConsumerConfiguration();
    }
    drifting.remove(durable);
    note(compare(durable, settings(declared), settings(found)));
  }

  private void note(List<Drift> drifts) {
    for (Drift drift : drifts) {
      drifting.add(drift.stream());
      LOG.atWarn()
          .addKeyValue("stream", drift.stream())
          .addKeyValue("setting", drift.setting())
          .addKeyValue("declared", drift.declared())
          .addKeyValue("found", drift.found())
          .log("A stream or consumer differs from its declaration");
    }
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

  private static java.util.stream.Stream<Stream> streams() {
    return EventStream.getDescriptor().getValues().stream()
        .filter(value -> value.getOptions().hasExtension(OptionsProto.stream))
        .map(value -> value.getOptions().getExtension(OptionsProto.stream));
  }

  private List<StreamConfiguration> declared() {
    return streams().map(this::configuration).toList();
  }

  private StreamConfiguration configuration(Stream stream) {
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

  private static List<Drift> compare(
      String name, Map<String, Object> wanted, Map<String, Object> found) {
    List<Drift> drifts = new ArrayList<>();
    found.forEach((setting, value) -> {
      Object want = wanted.get(setting);
      if (!value.equals(want)) {
        drifts.add(new Drift(name, setting, String.valueOf(want), value.toString()));
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

  private static Map<String, Object> settings(ConsumerConfiguration consumer) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("filter_subject", String.valueOf(consumer.getFilterSubject()));
    settings.put("deliver_policy", consumer.getDeliverPolicy());
    settings.put("ack_policy", consumer.getAckPolicy());
    settings.put("ack_wait", String.valueOf(consumer.getAckWait()));
    settings.put("max_deliver", consumer.getMaxDeliver());
    settings.put("max_ack_pending", consumer.getMaxAckPending());
    return settings;
  }
}
