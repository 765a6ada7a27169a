package vesper.launcher;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vesper.testing.vllm.Behaviour;
import vesper.testing.vllm.FakeVllmProgram;
import vesper.testing.vllm.Faults;

/// Runs a model server without a model.
@Command(
    name = "fake-vllm",
    description =
        "Runs a server that speaks OpenAI's protocol as vLLM does, without a model: its words are"
            + " made from a seed and the prompt.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./vesper fake-vllm --port 9090 --seed 1",
      "  ./vesper up --llm http://127.0.0.1:9090",
      "  ./vesper fake-vllm --first-token 80 --per-token 15 --error-rate 0.05",
      "  curl http://127.0.0.1:9090/fake/behaviour --json '{\"stall_rate\": 1}'",
    })
final class FakeVllmCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Pace pace = new Pace();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port on 127.0.0.1 (default: a free one).")
  private int port;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides words, latencies and faults (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "fake-7b",
      description = "Name of the model (default: ${DEFAULT-VALUE}).")
  private String model = "fake-7b";

  @Option(
      names = "--context",
      paramLabel = "TOKENS",
      defaultValue = "8192",
      description = "Tokens of prompt and answer together (default: ${DEFAULT-VALUE}).")
  private int context = 8_192;

  @Option(names = "--ollama", description = "Act as Ollama does.")
  private boolean ollama;

  /// How it answers at first; everything else is changed while it runs.
  static final class Pace {
    @Option(
        names = "--first-token",
        paramLabel = "MS",
        defaultValue = "60",
        description = "Mean time to the first token (default: ${DEFAULT-VALUE} ms).")
    private int firstToken = 60;

    @Option(
        names = "--per-token",
        paramLabel = "MS",
        defaultValue = "12",
        description = "Mean time between two tokens (default: ${DEFAULT-VALUE} ms).")
    private int perToken = 12;

    @Option(
        names = "--error-rate",
        paramLabel = "P",
        defaultValue = "0",
        description = "Share of requests that fail, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double errorRate;

    Behaviour behaviour() {
      return Behaviour.AT_ONCE
          .withTimes(Duration.ofMillis(firstToken), Duration.ofMillis(perToken))
          .withFaults(Faults.NONE.withErrors(errorRate, 0));
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    try {
      FakeVllmProgram.run(
          new FakeVllmProgram.Options(port, seed, model, context, ollama, pace.behaviour()),
          spec.commandLine().getOut());
    } catch (IllegalArgumentException invalid) {
      throw new CommandFailure(String.valueOf(invalid.getMessage()), CommandFailure.USAGE);
    } catch (UncheckedIOException taken) {
      throw new CommandFailure(String.valueOf(taken.getMessage()));
    }
    return 0;
  }
}
