package vesper.bench.fault;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import vesper.auth.v1.AuthGrpc;
import vesper.auth.v1.DeviceCredential;
import vesper.auth.v1.LoginRequest;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.EndConversationRequest;
import vesper.npc.v1.NpcsGrpc;
import vesper.options.v1.Caller;
import vesper.runtime.InstallationKeys;
import vesper.runtime.Principal;
import vesper.time.v1.GetTimeRequest;
import vesper.time.v1.Rate;
import vesper.time.v1.SetClockRateRequest;
import vesper.time.v1.TimeGrpc;
import vesper.world.v1.ApplyChangesRequest;
import vesper.world.v1.Change;
import vesper.world.v1.CreateEntityRequest;
import vesper.world.v1.Entity;
import vesper.world.v1.EntityUpdate;
import vesper.world.v1.UpdateEntityRequest;
import vesper.world.v1.WorldsGrpc;

/// Players who talk, game servers that change entities, and readers of the clock, until it is
/// closed.
final class Load implements AutoCloseable {
  private static final String WORLD = "body-broker";

  /// Players whose words have no idempotency key. Each waits for the last answer, so of theirs one
  /// call is under way at a time.
  static final int PLAIN_TALKERS = 6;

  private static final int PLAYERS = 18;
  private static final Duration BETWEEN_TURNS = Duration.ofMillis(3_300);
  private static final int TURNS_OF_A_TALK = 3;
  private static final int EDITORS = 6;
  private static final Duration BETWEEN_EDITS = Duration.ofMillis(60);
  private static final int READERS = 3;
  private static final Duration BETWEEN_READINGS = Duration.ofMillis(30);
  private static final Duration TALK_WITHIN = Duration.ofSeconds(8);
  private static final Duration WITHIN = Duration.ofSeconds(3);
  private static final int GAME_SECONDS_A_SECOND = 3_600;
  private static final List<String> PEOPLE =
      List.of("mara-vey", "pip", "auntie-grubb", "hob-garrity", "sorrel", "nell-dace");
  private static final List<String> WORDS =
      List.of(
          "Good evening. What do you make of the weather?",
          "Tell me about the last broker.",
          "What should a stranger not do here?",
          "I have walked far. Is there stew?");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> IDEMPOTENCY_KEY =
      Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER);

  private final Client client;
  private final Journal journal;
  private final String operator;
  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  private Load(Client client, Journal journal, Path keys) {
    this.client = client;
    this.journal = journal;
    this.operator =
        InstallationKeys.open(keys)
            .token(
                new Principal(
                    "fault",
                    Principal.Kind.OPERATOR,
                    Set.of(Caller.CALLER_ADMIN),
                    Set.of(),
                    "fault"),
                Duration.ofHours(2));
  }

  /// Something a client does again and again.
  private interface Task {
    void once(int turn) throws InterruptedException;
  }

  /// Logs players in, makes entities, and starts.
  static Load start(Client client, Journal journal, Path keys) throws InterruptedException {
    Load load = new Load(client, journal, keys);
    load.must(channel ->
        TimeGrpc.newBlockingStub(channel)
            .withDeadlineAfter(WITHIN)
            .setClockRate(
                SetClockRateRequest.newBuilder()
                    .setWorldId(WORLD)
                    .setRate(
                        Rate.newBuilder().setNumerator(GAME_SECONDS_A_SECOND).setDenominator(1))
                    .build()));
    for (int i = 0; i < PLAYERS; i++) {
      Player player = load.login();
      String person = PEOPLE.get(i % PEOPLE.size());
      boolean plain = i < PLAIN_TALKERS;
      load.go(BETWEEN_TURNS, turn -> load.talk(player, person, plain, turn));
    }
    for (int i = 0; i <= EDITORS; i++) {
      String entity = "item:fault-" + load.run + "-" + i;
      load.must(channel ->
          WorldsGrpc.newBlockingStub(channel)
              .withDeadlineAfter(WITHIN)
              .createEntity(
                  CreateEntityRequest.newBuilder()
                      .setWorldId(WORLD)
                      .setEntity(Entity.newBuilder().setEntityId(entity).setType("item"))
                      .build()));
      boolean plain = i == EDITORS;
      load.go(BETWEEN_EDITS, turn -> load.edit(entity, plain, turn));
    }
    for (int i = 0; i < READERS; i++) {
      AtomicReference<Long> last = new AtomicReference<>(0L);
      load.go(BETWEEN_READINGS, _ -> load.read(last));
    }
    return load;
  }

  private record Player(String id, String token) {}

  private Player login() throws InterruptedException {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    LoginRequest request =
        LoginRequest.newBuilder()
            .setDevice(
                DeviceCredential.newBuilder()
                    .setId("fault-" + UUID.randomUUID())
                    .setSecret(ByteString.copyFrom(secret)))
            .setCreate(true)
            .setWorldId(WORLD)
            .build();
    AtomicReference<Player> player = new AtomicReference<>();
    must(channel -> {
      var tokens = AuthGrpc.newBlockingStub(channel).withDeadlineAfter(TALK_WITHIN).login(request);
      player.set(new Player(tokens.getAccountId(), tokens.getAccessToken()));
    });
    return player.get();
  }

  private void must(Consumer<Channel> call) throws InterruptedException {
    Client.Outcome outcome =
        client.call(true, channel -> call.accept(with(channel, operator, null)));
    if (!outcome.ok()) {
      throw new IllegalStateException("the load cannot be set up: " + outcome.code());
    }
  }

  private void go(Duration pause, Task task) {
    threads.add(
        Thread.startVirtualThread(() -> {
          try {
            for (int turn = 0; !stopped; turn++) {
              task.once(turn);
              Thread.sleep(pause);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        }));
  }

  private void talk(Player player, String person, boolean plain, int turn)
      throws InterruptedException {
    @Nullable String key = plain ? null : UUID.randomUUID().toString();
    ConverseRequest request =
        ConverseRequest.newBuilder()
            .setWorldId(WORLD)
            .setNpcId(person)
            .setUtterance(WORDS.get(turn % WORDS.size()))
            .build();
    AtomicReference<String> conversation = new AtomicReference<>("");
    Client.Outcome outcome =
        client.call(
            !plain,
            channel -> {
              Iterator<ConverseEvent> events =
                  NpcsGrpc.newBlockingStub(with(channel, player.token(), key))
                      .withDeadlineAfter(TALK_WITHIN)
                      .converse(request);
              boolean ended = false;
              while (events.hasNext()) {
                ConverseEvent event = events.next();
                ended |= event.hasEnded();
                if (event.hasStarted()) {
                  conversation.set(event.getStarted().getConversationId());
                }
              }
              if (!ended) {
                throw new IllegalStateException("a talk ended well without its last event");
              }
            });
    journal.add(plain ? Journal.Kind.PLAIN_TALK : Journal.Kind.TALK, outcome);
    if (key != null) {
      journal.add(new Journal.Turn(player.id(), key, outcome.ok()));
    }
    if (outcome.ok() && turn % TURNS_OF_A_TALK == TURNS_OF_A_TALK - 1) {
      journal.add(
          Journal.Kind.TALK,
          client.call(true, channel -> end(channel, player, conversation.get())));
    }
  }

  private static void end(Channel channel, Player player, String conversation) {
    var ended =
        NpcsGrpc.newBlockingStub(with(channel, player.token(), null))
            .withDeadlineAfter(WITHIN)
            .endConversation(
                EndConversationRequest.newBuilder()
                    .setWorldId(WORLD)
                    .setConversationId(conversation)
                    .build());
    if (!ended.hasEndedAt()) {
      throw new IllegalStateException("a talk was ended and is not over");
    }
  }

  private void edit(String entity, boolean plain, int turn) throws InterruptedException {
    Entity values =
        Entity.newBuilder()
            .putComponents(
                "fault",
                Struct.newBuilder()
                    .putFields("n", Value.newBuilder().setNumberValue(turn + 1).build())
                    .build())
            .build();
    Journal.Edits edits = journal.edits(entity);
    edits.asked();
    @Nullable String key = plain ? null : UUID.randomUUID().toString();
    Client.Outcome outcome =
        client.call(
            !plain,
            channel -> {
              var worlds =
                  WorldsGrpc.newBlockingStub(with(channel, operator, key))
                      .withDeadlineAfter(WITHIN);
              if (plain) {
                worlds.updateEntity(
                    UpdateEntityRequest.newBuilder()
                        .setWorldId(WORLD)
                        .setEntityId(entity)
                        .setEntity(values)
                        .build());
              } else {
                worlds.applyChanges(
                    ApplyChangesRequest.newBuilder()
                        .setWorldId(WORLD)
                        .addChanges(
                            Change.newBuilder()
                                .setUpdate(
                                    EntityUpdate.newBuilder()
                                        .setEntityId(entity)
                                        .setEntity(values)))
                        .build());
              }
            });
    if (outcome.ok()) {
      edits.acknowledged();
    }
    journal.add(plain ? Journal.Kind.PLAIN : Journal.Kind.CHANGE, outcome);
  }

  private void read(AtomicReference<Long> last) throws InterruptedException {
    GetTimeRequest request = GetTimeRequest.newBuilder().setWorldId(WORLD).build();
    Client.Outcome outcome =
        client.call(
            true,
            channel -> {
              long now =
                  TimeGrpc.newBlockingStub(with(channel, operator, null))
                      .withDeadlineAfter(WITHIN)
                      .getTime(request)
                      .getGameSeconds();
              if (now < last.getAndSet(now)) {
                journal.clockRanBackwards();
              }
            });
    journal.add(Journal.Kind.CLOCK, outcome);
  }

  private static Channel with(Channel channel, String token, @Nullable String key) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    if (key != null) {
      headers.put(IDEMPOTENCY_KEY, key);
    }
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /// Stops when every client has its last answer.
  @Override
  public void close() {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
