package vesper.testing.vllm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import vesper.testing.vllm.SeenRequest.Outcome;

/// Answers requests in its slots, at its pace and with its faults.
final class Engine {
  private static final String JSON = "application/json";
  private static final int CACHED_BLOCKS = 4_096;

  private final FakeVllm.Model model;
  private final Supplier<Behaviour> behaviour;
  private final BooleanSupplier closed;
  private final Slots slots;
  private final Journal journal = new Journal();
  private final Statistics statistics = new Statistics();
  private final PrefixCache cache = new PrefixCache(CACHED_BLOCKS);
  private final AtomicLong heldTokens = new AtomicLong();

  /// Makes an idle engine.
  ///
  /// @param closed whether the server is going down
  Engine(FakeVllm.Model model, Slots slots, Supplier<Behaviour> behaviour, BooleanSupplier closed) {
    this.model = model;
    this.slots = slots;
    this.behaviour = behaviour;
    this.closed = closed;
  }

  Journal journal() {
    return journal;
  }

  Slots slots() {
    return slots;
  }

  String metrics() {
    double usage = heldTokens.get() / (double) (CACHED_BLOCKS * PrefixCache.BLOCK);
    return statistics.render(model.name(), slots.running(), slots.waiting(), Math.min(1, usage));
  }

  /// Answers one request.
  void answer(String path, Ask ask, HttpConnection connection)
      throws IOException, InterruptedException, Refused {
    long arrived = System.nanoTime();
    Behaviour now = behaviour.get();
    Journal.Entry entry = journal.add(path, ask);
    try {
      List<String> prompt = Tokens.of(ask.text());
      check(ask, prompt.size());
      List<String> words = Tokens.of(words(ask, now));
      Chances chances = new Chances(model.seed(), entry.number(), now, words.size());
      chances.refuse();
      slots.take();
      try {
        entry.running();
        int cached = cache.remember(prompt);
        statistics.prompt(prompt.size(), cached);
        int room = model.context() - prompt.size();
        int most = ask.maxTokens() == 0 ? room : Math.min(ask.maxTokens(), room);
        Answer answer =
            new Answer(
                ask,
                (ask.chat() ? "chatcmpl-" : "cmpl-") + entry.number(),
                model.name(),
                words.subList(0, Math.min(words.size(), most)),
                words.size() > most ? "length" : "stop",
                prompt.size(),
                cached);
        heldTokens.addAndGet(prompt.size());
        try {
          new Delivery(answer, chances, entry, connection, arrived).run();
        } finally {
          heldTokens.addAndGet(-prompt.size());
        }
      } finally {
        slots.giveBack();
      }
    } catch (Refused refusal) {
      entry.end(Outcome.REFUSED);
      throw refusal;
    } catch (IOException | InterruptedException gone) {
      entry.end(closed.getAsBoolean() ? Outcome.CUT : Outcome.CANCELLED);
      throw gone;
    }
  }

  private void check(Ask ask, int promptTokens) throws Refused {
    if (!ask.model().equals(model.name())) {
      throw Refused.notFound("model", "The model `" + ask.model() + "` does not exist");
    }
    if (promptTokens + Math.max(1, ask.maxTokens()) > model.context()) {
      throw Refused.badRequest(
          "max_tokens",
          "The context is %d tokens; the prompt has %d and the answer may have %d"
              .formatted(model.context(), promptTokens, ask.maxTokens()));
    }
  }

  private String words(Ask ask, Behaviour now) {
    String text =
        now.reply().isEmpty()
            ? new Voice(model.seed(), ask).answer(now.meanTokens(), now.obey())
            : now.reply();
    for (String stop : ask.stops()) {
      int at = text.indexOf(stop);
      text = at < 0 ? text : text.substring(0, at);
    }
    return text;
  }

  /// One answer on its way.
  private final class Delivery {
    private final Answer answer;
    private final Chances chances;
    private final Journal.Entry entry;
    private final HttpConnection connection;
    private final long arrived;

    private Delivery(
        Answer answer,
        Chances chances,
        Journal.Entry entry,
        HttpConnection connection,
        long arrived) {
      this.answer = answer;
      this.chances = chances;
      this.entry = entry;
      this.connection = connection;
      this.arrived = arrived;
    }

    private void run() throws IOException, InterruptedException {
      boolean stream = answer.ask().stream();
      if (stream) {
        connection.begin(Map.of("cache-control", "no-cache"), "text/event-stream; charset=utf-8");
      }
      for (int sent = 0; sent < answer.tokens().size(); sent++) {
        if (!befall(sent)) {
          return;
        }
        pause(sent == 0 ? chances.firstToken() : chances.nextToken());
        if (sent == 0) {
          statistics.firstToken(Duration.ofNanos(System.nanoTime() - arrived));
        }
        if (stream && sent == 0 && answer.ask().chat()) {
          event(answer.opening());
        }
        if (stream) {
          event(answer.piece(answer.tokens().get(sent)));
        }
        entry.token();
        statistics.token();
      }
      if (befall(answer.tokens().size())) {
        finish(stream);
      }
    }

    private void finish(boolean stream) throws IOException {
      statistics.answered(answer.finish().equals("stop"));
      entry.end(Outcome.ANSWERED);
      if (!stream) {
        reply();
        return;
      }
      event(answer.closing());
      if (answer.ask().usage()) {
        event(answer.counted());
      }
      connection.piece("data: [DONE]\n\n");
      connection.end();
    }

    private void reply() throws IOException {
      String body = answer.whole().toString();
      boolean broken = false;
      for (int token = 0; token <= answer.tokens().size(); token++) {
        broken |= chances.breaks(token);
      }
      String sent = broken ? body.substring(0, body.length() / 2) : body;
      connection.reply(200, Map.of(), JSON, sent.getBytes(StandardCharsets.UTF_8));
    }

    /// Lets happen what comes after a number of tokens; false when the connection is cut.
    private boolean befall(int sent) throws IOException, InterruptedException {
      pause(chances.silence(sent));
      if (chances.cuts(sent)) {
        entry.end(Outcome.CUT);
        connection.cut();
        return false;
      }
      if (chances.breaks(sent) && answer.ask().stream()) {
        connection.piece("data: {\"id\": \"" + answer.id() + "\", \"choices\": [{\"del\n\n");
      }
      return true;
    }

    private void event(ObjectNode data) throws IOException {
      connection.piece("data: " + data + "\n\n");
    }

    /// Waits; the interruption that ends it comes when the client leaves.
    private static void pause(Duration time) throws InterruptedException {
      if (time.isPositive()) {
        Thread.sleep(time);
      } else if (Thread.interrupted()) {
        throw new InterruptedException("The client has left");
      }
    }
  }
}
