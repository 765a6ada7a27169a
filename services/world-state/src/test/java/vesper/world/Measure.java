package vesper.world;

import com.google.protobuf.FieldMask;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import vesper.testing.TestClock;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;
import vesper.transport.Routing;
import vesper.world.v1.CreateEntityRequest;
import vesper.world.v1.Entity;
import vesper.world.v1.GetEntityRequest;
import vesper.world.v1.UpdateEntityRequest;
import vesper.world.v1.WorldsGrpc;

/// Measures GetEntity and UpdateEntity of one replica over NATS.
final class Measure {
  private static final int CALLERS = 32;
  private static final int CALLS = 20_000;

  public static void main(String[] args) throws Exception {
    try (TestNats.Owned nats = TestNats.startOwn();
        TestDatabase database = TestDatabase.create();
        Replica replica =
            Replica.start(nats.url(), database, TestClock.create(), Map.of(), Routing.NATS)) {
      WorldsGrpc.WorldsBlockingStub game = replica.game();
      for (int i = 0; i < 256; i++) {
        Entity made =
            game.createEntity(
                CreateEntityRequest.newBuilder()
                    .setWorldId(Replica.WORLD)
                    .setEntity(entity(i, "A thing."))
                    .build());
        assert made.getVersion() == 1;
      }
      for (int round = 0; round < 3; round++) {
        measure("GetEntity", i -> get(game, i));
        measure("UpdateEntity", i -> update(game, i));
      }
    }
    System.exit(0);
  }

  private static void get(WorldsGrpc.WorldsBlockingStub game, int i) {
    Entity read =
        game.getEntity(
            GetEntityRequest.newBuilder()
                .setWorldId(Replica.WORLD)
                .setEntityId("m:" + i % 256)
                .build());
    assert read.getVersion() > 0;
  }

  private static void update(WorldsGrpc.WorldsBlockingStub game, int i) {
    Entity written =
        game.updateEntity(
            UpdateEntityRequest.newBuilder()
                .setWorldId(Replica.WORLD)
                .setEntityId("m:" + i % 256)
                .setEntity(entity(i, "Now " + i + " " + System.nanoTime()).clearEntityId())
                .setUpdateMask(FieldMask.newBuilder().addPaths("components.look"))
                .build());
    assert written.getVersion() > 1;
  }

  private static Entity.Builder entity(int i, String look) {
    return Entity.newBuilder()
        .setEntityId("m:" + i)
        .setType("mark")
        .setRegionId("howe")
        .putComponents("look", Things.text(look));
  }

  private static void measure(String name, IntConsumer call) throws InterruptedException {
    long[] nanos = new long[CALLS];
    AtomicInteger next = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(CALLERS);
    long start = System.nanoTime();
    for (int c = 0; c < CALLERS; c++) {
      Thread.startVirtualThread(() -> {
        for (int i = next.getAndIncrement(); i < CALLS; i = next.getAndIncrement()) {
          long begun = System.nanoTime();
          call.accept(i);
          nanos[i] = System.nanoTime() - begun;
        }
        done.countDown();
      });
    }
    done.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(nanos);
    System.out.printf(
        "%s %.0f/s p50 %.2f ms p99 %.2f ms%n",
        name, CALLS / seconds, nanos[CALLS / 2] / 1e6, nanos[CALLS * 99 / 100] / 1e6);
  }

  private Measure() {}
}
