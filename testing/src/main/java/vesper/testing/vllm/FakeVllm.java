package vesper.testing.vllm;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// A server without a model that speaks OpenAI's protocol as vLLM does, on the loopback address:
/// `/v1/models`, `/v1/chat/completions`, `/v1/completions`, `/health` and `/metrics`; as Ollama
/// also `/api/tags`. Its behaviour can be read and changed at `/fake/behaviour`, what it saw is
/// read at `/fake/requests`.
///
/// The words of an answer follow from the seed and the request alone.
public final class FakeVllm implements AutoCloseable {
  private final HttpListener listener;
  private final Engine engine;
  private final Model model;
  private final AtomicReference<Behaviour> behaviour;

  /// What the server claims to run.
  record Model(String name, int context, long seed) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");

    Model {
      Range.require(
          NAME.matcher(name).matches(),
          "a model's name has 1 to 128 letters, digits and the signs . _ : / -");
      Range.require(context >= 16, "the context must be 16 tokens or more");
    }
  }

  private FakeVllm(Builder builder) {
    model = new Model(builder.model, builder.context, builder.seed);
    behaviour = new AtomicReference<>(builder.behaviour);
    AtomicReference<HttpListener> opened = new AtomicReference<>();
    engine =
        new Engine(
            model,
            new Slots(builder.slots, builder.waiting),
            behaviour::get,
            () -> opened.get() != null && opened.get().isClosed());
    listener = new HttpListener(builder.port, new Routes(model, builder.ollama, engine, behaviour));
    opened.set(listener);
  }

  /// Begins with a server that answers at once and without faults.
  public static Builder builder() {
    return new Builder();
  }

  /// The address, as in `http://127.0.0.1:8080`, without `/v1`.
  public URI url() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  /// The port.
  public int port() {
    return listener.port();
  }

  /// Name of the model.
  public String model() {
    return model.name();
  }

  /// How requests that arrive now are answered.
  public Behaviour behaviour() {
    return behaviour.get();
  }

  /// Changes how requests that arrive from now on are answered.
  public void behave(UnaryOperator<Behaviour> change) {
    behaviour.updateAndGet(change);
  }

  /// Connections that are open.
  public int openConnections() {
    return listener.open();
  }

  /// Requests that are being answered.
  public int running() {
    return engine.slots().running();
  }

  /// Requests that wait for a slot.
  public int waiting() {
    return engine.slots().waiting();
  }

  /// Requests whose clients left before the end, since the start.
  public long cancelled() {
    return engine.journal().cancelled();
  }

  /// The latest requests for answers, at most 1,000, in the order of arrival.
  public List<SeenRequest> requests() {
    return engine.journal().requests();
  }

  /// Resets all connections, in the middle of answers too, and goes on.
  public void cutConnections() {
    listener.cutAll();
  }

  /// Closes the port and all connections, in the middle of answers too. Another server may be
  /// started on the same port.
  @Override
  public void close() {
    listener.close();
  }

  /// How a server starts.
  public static final class Builder {
    private int port;
    private long seed = 1;
    private String model = "fake-7b";
    private int context = 8_192;
    private int slots = 256;
    private int waiting = 1_024;
    private boolean ollama;
    private Behaviour behaviour = Behaviour.AT_ONCE;

    private Builder() {}

    /// Listens on this port; by default on a free one.
    public Builder port(int number) {
      port = number;
      return this;
    }

    /// Decides words, latencies and faults; 1 by default.
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /// Name of the model, `fake-7b` by default.
    public Builder model(String name) {
      model = name;
      return this;
    }

    /// Tokens that prompt and answer may have together, 8,192 by default.
    public Builder context(int tokens) {
      context = tokens;
      return this;
    }

    /// Requests that run at once, 256 by default, and that wait, 1,024 by default; more are refused
    /// with 503.
    public Builder slots(int running, int queued) {
      slots = running;
      waiting = queued;
      return this;
    }

    /// Acts as Ollama does: with `/api/tags`, without `/metrics`.
    public Builder ollama() {
      ollama = true;
      return this;
    }

    /// Mean time to the first token.
    public Builder firstToken(Duration mean) {
      behaviour = behaviour.withTimes(mean, behaviour.perToken());
      return this;
    }

    /// Mean time between two tokens.
    public Builder perToken(Duration mean) {
      behaviour = behaviour.withTimes(behaviour.firstToken(), mean);
      return this;
    }

    /// How requests are answered at first.
    public Builder behaviour(Behaviour first) {
      behaviour = first;
      return this;
    }

    /// Starts the server.
    public FakeVllm start() {
      return new FakeVllm(this);
    }
  }
}
