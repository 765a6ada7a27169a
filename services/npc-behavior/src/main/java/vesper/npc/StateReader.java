package vesper.npc;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import vesper.memory.Terms;
import vesper.world.v1.Entity;
import vesper.world.v1.Flag;
import vesper.world.v1.ListFlagsRequest;
import vesper.world.v1.QueryEntitiesRequest;
import vesper.world.v1.WorldsGrpc;

/// Looks up how one world is, at most once in two seconds for each region, so that talks do not
/// depend on it: while nobody tells it, nothing is known.
final class StateReader {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration FIRST_PATIENCE = Duration.ofMillis(500);
  private static final int MOST_FLAGS = 500;
  private static final int MOST_ENTITIES = 200;
  private static final int LONGEST = 400;
  private static final String VERSION = "@";
  private static final String LOOK = "look";
  private static final String LOOK_TEXT = "text";

  private final String world;
  private final WorldsGrpc.WorldsBlockingStub worlds;
  private final Duration patience;
  private final Reach reach = new Reach();
  // A region of the pack each.
  private final Map<String, Region> regions = new ConcurrentHashMap<>();

  StateReader(String world, Channel channel, Duration patience) {
    this.world = world;
    this.worlds = WorldsGrpc.newBlockingStub(channel);
    this.patience = patience;
  }

  /// Returns what is known where a person is at home; itself it does not see.
  List<StateFact> near(String region, String npc) {
    var self = "npc:" + npc + VERSION;
    return regions.computeIfAbsent(region, Region::new).read().stream()
        .filter(fact -> !fact.id().startsWith(self))
        .toList();
  }

  /// One region, and what was read of it last.
  private final class Region {
    private final String id;
    private List<StateFact> facts = List.of();
    private long readAt;
    private boolean read;

    Region(String id) {
      this.id = id;
    }

    /// One caller at a time asks; others wait for the answer.
    synchronized List<StateFact> read() {
      long now = System.nanoTime();
      boolean fresh = read && now - readAt < FRESH.toNanos();
      if (!fresh && reach.isWorthAsking()) {
        facts = ask(id);
        readAt = now;
        read = true;
      } else if (!fresh) {
        facts = List.of();
      }
      return facts;
    }
  }

  private List<StateFact> ask(String region) {
    var limit = reach.hasAnswered() ? patience : FIRST_PATIENCE;
    // The answer is for all who wait: it does not end when the one who asks gives up.
    var alone = Context.current().fork();
    var callers = alone.attach();
    try {
      var timed = worlds.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
      var flags =
          timed.listFlags(
              ListFlagsRequest.newBuilder().setWorldId(world).setPageSize(MOST_FLAGS).build());
      var entities =
          timed.queryEntities(
              QueryEntitiesRequest.newBuilder()
                  .setWorldId(world)
                  .setRegionId(region)
                  .setPageSize(MOST_ENTITIES)
                  .build());
      reach.answered();
      return Stream.concat(
              flags.getFlagsList().stream()
                  .filter(flag -> !flag.getSaid().isBlank())
                  .map(StateReader::said),
              entities.getEntitiesList().stream()
                  .filter(entity -> !look(entity).isBlank())
                  .map(StateReader::seen))
          .toList();
    } catch (StatusRuntimeException e) {
      reach.failed(e);
      return List.of();
    } finally {
      alone.detach(callers);
    }
  }

  private static StateFact said(Flag flag) {
    return new StateFact(
        flag.getFlagId() + VERSION + flag.getVersion(),
        text(flag.getSaid()),
        StateFact.Kind.SAID,
        flag.getVersion(),
        terms(flag.getFlagId(), List.of(), flag.getSaid()));
  }

  private static StateFact seen(Entity entity) {
    var look = look(entity);
    return new StateFact(
        entity.getEntityId() + VERSION + entity.getVersion(),
        text(look),
        StateFact.Kind.SEEN,
        entity.getVersion() > 1 ? entity.getUpdatedAt().getSeconds() : 0,
        terms(entity.getEntityId(), entity.getTagsList(), look));
  }

  private static String look(Entity entity) {
    var look = entity.getComponentsMap().get(LOOK);
    var text = look == null ? null : look.getFieldsMap().get(LOOK_TEXT);
    return text == null ? "" : text.getStringValue();
  }

  private static String text(String text) {
    return Texts.shorten(Texts.clean(text), LONGEST);
  }

  private static Set<String> terms(String id, List<String> tags, String text) {
    List<String> all = new ArrayList<>(tags);
    all.add(id);
    var names = String.join(" ", all).replaceAll("[^\\p{L}\\p{N}]+", " ");
    return new HashSet<>(Terms.CONTENT.of(names + ". " + text));
  }
}
