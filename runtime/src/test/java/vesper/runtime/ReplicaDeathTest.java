package vesper.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import vesper.npc.v1.AddMemoryRequest;
import vesper.npc.v1.GetNpcRequest;
import vesper.npc.v1.MemoryKind;
import vesper.npc.v1.NpcsGrpc;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.transport.Routing;

/// Three replicas of a service in processes of their own, one of which goes under load.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicaDeathTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration DEADLINE = Duration.ofSeconds(4);
  private static final int CALLERS = 6;
  private static final int ENOUGH = 60;

  @TempDir static Path folder;

  private final TestDatabase at;
  private final TestNats.Owned nats = TestNats.startOwn();
  private final List<ReplicaProcess> replicas = new ArrayList<>();
  private final Queue<Status> reads = new ConcurrentLinkedQueue<>();
  private final Queue<Status> keyed = new ConcurrentLinkedQueue<>();
  private final Queue<Status> bare = new ConcurrentLinkedQueue<>();
  private final AtomicInteger finished = new AtomicInteger();
  private final Map<String, Boolean> acknowledged = new ConcurrentHashMap<>();
  private final Set<String> answeredBy = ConcurrentHashMap.newKeySet();
  private ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private AtomicBoolean over = new AtomicBoolean();
  private NpcsGrpc.NpcsBlockingStub npcs;
  private Host caller;

  ReplicaDeathTest(TestDatabase at) {
    this.at = at;
  }

  @BeforeAll
  void start() throws Exception {
    InstallationKeys keys = InstallationKeys.open(folder.resolve("keys"));
    caller =
        Host.builder()
            .nats(nats.url())
            .database(at.jdbcUrl(), at.user(), at.password())
            .keys(keys)
            .routing(Routing.NATS)
            .build();
    caller.start();
    assertThat(caller.awaitReady(LONG)).isTrue();
    replicas.add(ReplicaProcess.start(nats.url(), at, folder.resolve("keys")));
    replicas.getFirst().awaitReady();
    for (int i = 0; i < 2; i++) {
      replicas.add(ReplicaProcess.start(nats.url(), at, folder.resolve("keys")));
    }
    for (ReplicaProcess replica : replicas.subList(1, 3)) {
      replica.awaitReady();
    }
    npcs =
        NpcsGrpc.newBlockingStub(caller.channel())
            .withInterceptors(TestCalls.as(keys, TestCalls.OPERATOR));
  }

  @AfterAll
  void close() {
    replicas.forEach(ReplicaProcess::close);
    caller.close();
    nats.close();
  }

  @BeforeEach
  void call() {
    callers = Executors.newVirtualThreadPerTaskExecutor();
    over = new AtomicBoolean();
    List.of(reads, keyed, bare).forEach(Collection::clear);
    for (int i = 0; i < CALLERS; i++) {
      load(reads, () -> answeredBy.add(read()));
      load(
          keyed,
          () -> {
            String key = UUID.randomUUID().toString();
            add(npcs.withInterceptors(TestCalls.with("idempotency-key", key)), key);
            acknowledged.put(key, true);
          });
      load(
          bare,
          () -> {
            String text = UUID.randomUUID().toString();
            add(npcs, text);
            acknowledged.put(text, true);
          });
    }
  }

  @AfterEach
  void finish() {
    over.set(true);
    callers.close();
  }

  @Test
  void replicaKilled_repeatableCallsSucceedAndNothingHappensTwice() throws Exception {
    awaitCalls();
    assertThat(answeredBy).hasSizeGreaterThan(1);

    replicas.removeFirst().kill();
    awaitCalls();
    awaitCalls();
    finish();

    assertThat(reads).extracting(Status::getCode).containsOnly(Status.Code.OK);
    assertThat(keyed).extracting(Status::getCode).containsOnly(Status.Code.OK);
    assertThat(bare)
        .extracting(Status::getCode)
        .contains(Status.Code.OK)
        .isSubsetOf(Status.Code.OK, Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
    assertThat(caller.meters().get("vesper.rpc.client.retries").counters())
        .anyMatch(counter -> counter.count() > 0);
    assertEffectsHappenedOnce();
  }

  @Test
  void replicasRestartedOneByOne_noCallFails() throws Exception {
    awaitCalls();
    for (int i = 0; i < replicas.size(); i++) {
      ReplicaProcess fresh = ReplicaProcess.start(nats.url(), at, folder.resolve("keys"));
      fresh.awaitReady();
      replicas.get(i).stop();
      replicas.set(i, fresh);
    }
    awaitCalls();
    finish();

    assertThat(List.of(reads, keyed, bare))
        .allSatisfy(
            ends -> assertThat(ends).extracting(Status::getCode).containsOnly(Status.Code.OK));
    assertEffectsHappenedOnce();
  }

  private void load(Collection<Status> ends, Runnable call) {
    Future<?> unused =
        callers.submit(() -> {
          while (!over.get()) {
            try {
              call.run();
              ends.add(Status.OK);
            } catch (RuntimeException e) {
              ends.add(Status.fromThrowable(e));
            }
            finished.incrementAndGet();
          }
        });
    assertThat(unused).isNotNull();
  }

  private String read() {
    return npcs.withDeadlineAfter(DEADLINE)
        .getNpc(GetNpcRequest.newBuilder().setWorldId("harbor").setNpcId("marlow").build())
        .getName();
  }

  private static void add(NpcsGrpc.NpcsBlockingStub npcs, String text) {
    String kept =
        npcs.withDeadlineAfter(DEADLINE)
            .addMemory(
                AddMemoryRequest.newBuilder()
                    .setWorldId("harbor")
                    .setNpcId("marlow")
                    .setKind(MemoryKind.MEMORY_KIND_PLAN)
                    .setText(text)
                    .setImportance(1)
                    .build())
            .getText();
    assertThat(kept).isEqualTo(text);
  }

  private void awaitCalls() {
    int seen = finished.get();
    Awaitility.await().atMost(LONG).until(() -> finished.get() > seen + ENOUGH);
  }

  private void assertEffectsHappenedOnce() {
    try (DatabasePool pool =
        DatabasePool.open(at.jdbcUrl(), at.user(), new Secret(at.password()))) {
      Map<String, Integer> effects =
          pool.database("npc")
              .read(
                  "effects",
                  handle ->
                      handle
                          .createQuery(
                              "select said, count(*) as times from npc.effect group by said")
                          .reduceRows(
                              new TreeMap<>(),
                              (all, row) -> {
                                all.put(
                                    row.getColumn("said", String.class),
                                    row.getColumn("times", Integer.class));
                                return all;
                              }));
      assertThat(effects).containsKeys(acknowledged.keySet().toArray(String[]::new));
      assertThat(effects.values()).containsOnly(1);
    }
  }
}
