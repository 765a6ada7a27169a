package vesper.testing.vllm;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;

/// Runs a fake server as a program.
public final class FakeVllmProgram {
  private FakeVllmProgram() {}

  /// What the program starts.
  ///
  /// @param port to listen on, 0 for a free one
  /// @param seed of words, latencies and faults
  /// @param model name
  /// @param context tokens of it
  /// @param ollama whether to act as Ollama does
  /// @param behaviour how it answers at first
  public record Options(
      int port, long seed, String model, int context, boolean ollama, Behaviour behaviour) {}

  /// Starts a server, says where it is and how to go on, and runs until the thread is interrupted
  /// or the process ends.
  public static void run(Options options, PrintWriter out) throws InterruptedException {
    try (FakeVllm server = start(options)) {
      String url = server.url().toString();
      out.printf("A fake %s answers at %s until Ctrl-C.%n%n", kind(options), url);
      out.printf("  ./vesper up --llm %s%n", url);
      out.printf(
          "  curl %s/v1/chat/completions --json '{\"model\": \"%s\", \"stream\": true,%n",
          url, server.model());
      out.printf(
          "    \"messages\": [{\"role\": \"user\", \"content\": \"Who lit the lamps?\"}]}'%n");
      out.printf("  curl %s/fake/behaviour --json '{\"stall_rate\": 0.1}'%n", url);
      out.printf("  curl %s/fake/requests%n", url);
      out.flush();
      new CountDownLatch(1).await();
    }
  }

  private static FakeVllm start(Options options) {
    FakeVllm.Builder builder =
        FakeVllm.builder()
            .port(options.port())
            .seed(options.seed())
            .model(options.model())
            .context(options.context())
            .behaviour(options.behaviour());
    return (options.ollama() ? builder.ollama() : builder).start();
  }

  private static String kind(Options options) {
    return options.ollama() ? "Ollama" : "vLLM";
  }
}
