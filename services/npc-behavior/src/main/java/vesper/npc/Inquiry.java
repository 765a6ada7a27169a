package vesper.npc;

import io.grpc.Context;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import vesper.npc.Conversation.Pair;

/// Finds out about a player's words what their answer needs, all of it at the same time and each
/// within its own short limit. What nobody tells in time is left out.
final class Inquiry {
  /// As many as a model of the usual tier is told.
  private static final int MEMORIES = 8;

  private final KnowledgeReader knowledge;
  private final Memories memories;

  Inquiry(KnowledgeReader knowledge, Memories memories) {
    this.knowledge = knowledge;
    this.memories = memories;
  }

  /// Asks about words.
  ///
  /// @param places bounds how many use the database at the same time
  /// @param gameSeconds now
  Surroundings about(
      World world, Part part, Pair pair, String words, Places places, long gameSeconds) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Lore> lore = threads.submit(here(() -> knowledge.search(pair, words)));
      Future<List<StateFact>> state =
          threads.submit(
              here(() -> world.state().near(part.npc().getHome().getRegion(), pair.npc())));
      Future<List<Memories.Found>> recalled =
          threads.submit(
              here(() -> places.within(() -> memories.recall(pair, words, MEMORIES, gameSeconds))));
      return new Surroundings(answer(lore), answer(state), answer(recalled));
    }
  }

  /// Carries what is known of the running rpc into another thread.
  private static <T> Callable<T> here(Callable<T> question) {
    return Context.current().wrap(question);
  }

  private static <T> T answer(Future<T> question) {
    try {
      return question.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Places.stopping();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("A question failed", e.getCause());
    }
  }
}
