package vesper.launcher;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import vesper.events.v1.EventStream;
import vesper.options.v1.OptionsProto;
import vesper.options.v1.Stream;
import vesper.runtime.Suggestions;

/// Direct access of the operator's commands to the system's NATS.
final class Broker {
  /// Connects with the address, including its password, that the system keeps for its owner.
  static Connection connect(DataDirectory data, RunningSystem system)
      throws IOException, InterruptedException {
    Path file = data.natsAddress();
    String address = Files.exists(file) ? Files.readString(file).strip() : system.nats().toString();
    return Nats.connect(
        new Options.Builder()
            .server(address)
            .connectionName("vesper-terminal")
            .maxReconnects(-1)
            .build());
  }

  /// Hands over each event of a subject once, in order within its stream; one that is replayed for
  /// a consumer is not handed over again.
  static void subscribe(
      Connection nats, String subject, boolean sinceStart, Consumer<Message> handler)
      throws IOException, JetStreamApiException {
    Dispatcher dispatcher = nats.createDispatcher();
    MessageHandler forward =
        message -> {
          boolean replay =
              message.hasHeaders() && message.getHeaders().containsKey(DeadLetter.REPLAY_FOR);
          if (!replay) {
            handler.accept(message);
          }
        };
    if (subject.startsWith("live.")) {
      dispatcher.subscribe(subject, forward);
      return;
    }
    requireKept(subject);
    JetStream streams = nats.jetStream();
    for (Stream stream : streams()) {
      for (String kept : stream.getSubjectsList()) {
        String narrowed = narrow(subject, kept);
        if (narrowed.isEmpty()) {
          continue;
        }
        streams.subscribe(
            narrowed,
            dispatcher,
            forward,
            false,
            PushSubscribeOptions.builder().stream(stream.getName())
                .ordered(true)
                .configuration(
                    ConsumerConfiguration.builder()
                        .deliverPolicy(sinceStart ? DeliverPolicy.All : DeliverPolicy.New)
                        .build())
                .build());
      }
    }
  }

  private static void requireKept(String subject) {
    List<String> kept =
        streams().stream().flatMap(stream -> stream.getSubjectsList().stream()).toList();
    if (kept.stream().allMatch(each -> narrow(subject, each).isEmpty())) {
      throw new CommandFailure(
          "no stream keeps events of '%s'%s Subjects: %s, and live.> for what is not kept"
              .formatted(subject, Suggestions.didYouMean(subject, kept), String.join(", ", kept)),
          CommandFailure.USAGE);
    }
  }

  /// Returns the narrower of a wished subject and the `evt.<domain>.>` of a stream; empty when they
  /// have nothing in common.
  static String narrow(String wished, String kept) {
    String[] wish = wished.split("\\.", -1);
    String[] keep = kept.split("\\.", -1);
    for (int i = 0; i < keep.length && i < wish.length; i++) {
      if (wish[i].equals(">")) {
        return kept;
      }
      if (keep[i].equals(">")) {
        return wished;
      }
      if (wish[i].equals("*")) {
        wish[i] = keep[i];
        wished = String.join(".", wish);
      } else if (!wish[i].equals(keep[i])) {
        return "";
      }
    }
    return "";
  }

  /// The streams of events, not those that the broker keeps for itself.
  private static List<Stream> streams() {
    return EventStream.getDescriptor().getValues().stream()
        .filter(value -> value.getOptions().hasExtension(OptionsProto.stream))
        .map(value -> value.getOptions().getExtension(OptionsProto.stream))
        .filter(stream -> stream.getSubjects(0).startsWith("evt."))
        .toList();
  }

  private Broker() {}
}
