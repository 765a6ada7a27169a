package vesper.world;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import vesper.world.v1.Flag;
import vesper.world.v1.WorldFrame;

/// What one watcher is told, piece by piece; for use by one thread.
///
/// It begins with a snapshot: pages of what is seen, each as it was at another moment. Meanwhile
/// the [Seat] gathers what changes. When that reaches the moment of the last page, the watcher is
/// told of each entity that changed as it is then, and has seen the world as it was after one
/// change. From there on it is told how things changed.
final class Watch {
  private final GameWorld world;
  private final WorldReader reader;
  private final View view;
  private final Seat seat;
  private final Teller teller;
  private Phase phase = Phase.SNAPSHOT;
  private String after = "";
  private long began;
  private long reached;
  private Map<String, FlagState> flags = Map.of();
  private String token = "";

  Watch(GameWorld world, WorldReader reader, View view, Seat seat, Teller teller) {
    this.world = world;
    this.reader = reader;
    this.view = view;
    this.seat = seat;
    this.teller = teller;
  }

  private enum Phase {
    SNAPSHOT,
    CATCHING_UP,
    LIVE
  }

  /// Sends frames.
  ///
  /// @param sealer makes resume tokens
  record Teller(ResumeToken.Sealer sealer, InstantSource clock, Consumer<WorldFrame> out) {

    String token(long seq) {
      return sealer.seal(new ResumeToken(seq, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
    }
  }

  /// Begins with everything, in a seat that is told what happens.
  void begin() {
    startSnapshot();
  }

  /// Goes on after a change, or begins with everything when that is too long ago. The seat holds
  /// what it is told.
  ///
  /// @param seq empty for one that is too long ago
  void resume(Optional<Long> seq) {
    News missed = seq.map(reader::since).orElseGet(() -> News.tooMuch(0));
    if (missed.tooMuch()) {
      resync();
      return;
    }
    seat.release(missed);
    token = teller.token(seq.orElseThrow());
    phase = Phase.LIVE;
  }

  /// Whether there is something to tell.
  boolean hasWork() {
    return switch (phase) {
      case SNAPSHOT -> true;
      case CATCHING_UP -> seat.reaches(reached);
      case LIVE -> seat.hasNews();
    };
  }

  /// Whether everything was told, so that what follows can be collected for a while.
  boolean isLive() {
    return phase == Phase.LIVE;
  }

  /// Tells the next piece, and returns whether a frame was sent.
  boolean work() {
    return switch (phase) {
      case SNAPSHOT -> page();
      case CATCHING_UP -> catchUp();
      case LIVE -> tellNews();
    };
  }

  /// Says that nothing happened.
  void beat() {
    if (phase == Phase.LIVE) {
      long seq = seat.upTo();
      if (seat.hasNews()) {
        return;
      }
      token = teller.token(seq);
      teller
          .out()
          .accept(
              WorldFrame.newBuilder().setSeqFrom(seq).setSeqTo(seq).setResumeToken(token).build());
    } else {
      teller.out().accept(WorldFrame.newBuilder().setSeqTo(began).setMore(true).build());
    }
  }

  private void startSnapshot() {
    seat.clear();
    phase = Phase.SNAPSHOT;
    after = "";
    began = seat.upTo();
    reached = began;
    token = "";
  }

  private boolean resync() {
    startSnapshot();
    teller
        .out()
        .accept(WorldFrame.newBuilder().setSeqTo(began).setResync(true).setMore(true).build());
    return true;
  }

  private boolean page() {
    WorldReader.Page page = reader.page(view, after);
    List<Delta> deltas =
        page.things().stream().map(thing -> (Delta) new Delta.Enter(view.shown(thing))).toList();
    reached = Math.max(reached, page.head());
    if (page.more()) {
      after = page.things().getLast().id();
    } else {
      WorldReader.Flags set = reader.flags();
      reached = Math.max(reached, set.head());
      flags = new LinkedHashMap<>();
      set.flags().forEach(flag -> flags.put(flag.id(), flag));
      phase = Phase.CATCHING_UP;
    }
    if (!deltas.isEmpty()) {
      Frames.pack(deltas, List.of())
          .forEach(frame -> teller.out().accept(frame.setSeqTo(began).setMore(true).build()));
    }
    return !deltas.isEmpty();
  }

  private boolean catchUp() {
    Seat.Batch batch = seat.take();
    if (batch.lost()) {
      return resync();
    }
    batch.flags().forEach(flag -> flags.put(flag.now().id(), flag.now()));
    List<Flag> differing =
        flags.values().stream()
            .filter(world::differs)
            .map(flag -> FlagMessages.flag(world, flag))
            .toList();
    flags = Map.of();
    phase = Phase.LIVE;
    token = "";
    send(deltas(batch, true), differing, 0, batch.to());
    return true;
  }

  private boolean tellNews() {
    Seat.Batch batch = seat.take();
    if (batch.lost()) {
      return resync();
    }
    List<Delta> deltas = deltas(batch, batch.whole());
    List<Flag> changed =
        batch.flags().stream().map(flag -> FlagMessages.flag(world, flag.now())).toList();
    if (deltas.isEmpty() && changed.isEmpty()) {
      return false;
    }
    send(deltas, changed, batch.from(), batch.to());
    return true;
  }

  private List<Delta> deltas(Seat.Batch batch, boolean whole) {
    return batch.things().stream().flatMap(news -> view.delta(news, whole).stream()).toList();
  }

  /// Sends frames of which the last completes what is true after a change. Until then the token is
  /// the one of before: who leaves in between is told all of it again.
  private void send(List<Delta> deltas, List<Flag> changed, long from, long to) {
    List<WorldFrame.Builder> frames = Frames.pack(deltas, changed);
    for (int i = 0; i < frames.size(); i++) {
      boolean last = i == frames.size() - 1;
      if (last) {
        token = teller.token(to);
      }
      teller
          .out()
          .accept(
              frames
                  .get(i)
                  .setSeqFrom(from)
                  .setSeqTo(to)
                  .setMore(!last)
                  .setResumeToken(token)
                  .build());
    }
  }
}
