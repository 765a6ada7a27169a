package vesper.ai;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LogLevel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.Pair;
import de.kherud.llama.args.LogFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vesper.ai.v1.TokenUsage;
import vesper.ai.v1.UsageSource;
import vesper.prompt.TokenCounter;

/// A GGUF file, run in this process by llama.cpp. It is loaded by its first generation and kept.
///
/// A generation is native code that computes, so it runs on a platform thread. It can be stopped
/// between two tokens only: while the prompt is read it goes on although nobody waits.
final class GgufBackend implements Backend {
  private static final Logger LOG = LoggerFactory.getLogger(GgufBackend.class);
  private static final String LIBRARY_FOLDER = "de.kherud.llama.tmpdir";

  private final Path file;
  private final int context;
  private final int slots;
  private final Object loading = new Object();
  private volatile @Nullable LlamaModel model;

  /// @param context tokens of prompt and answer together
  /// @param slots generations at once
  GgufBackend(Path file, int context, int slots) {
    this.file = file;
    this.context = context;
    this.slots = slots;
  }

  @Override
  public Running stream(Call call, Sink sink) {
    Generation generation = new Generation(call, sink);
    Thread.ofPlatform().daemon().name("gguf-generation").start(generation);
    return generation;
  }

  @Override
  public TokenCounter counter() {
    LlamaModel ready = model;
    return ready == null ? TokenCounter.BYTES : text -> ready.encode(text).length;
  }

  @Override
  public boolean loaded() {
    return model != null;
  }

  private LlamaModel load() {
    synchronized (loading) {
      LlamaModel known = model;
      if (known != null) {
        return known;
      }
      Native.prepare();
      long started = System.nanoTime();
      LlamaModel fresh =
          new LlamaModel(
              new ModelParameters()
                  .setModel(file.toString())
                  .setCtxSize(context * slots)
                  .setParallel(slots)
                  .setThreads(Runtime.getRuntime().availableProcessors())
                  .disableContextShift()
                  .disableLog());
      LOG.atInfo()
          .addKeyValue("file", file)
          .addKeyValue("millis", (System.nanoTime() - started) / 1_000_000)
          .log("Loaded a model");
      model = fresh;
      return fresh;
    }
  }

  /// What llama.cpp needs once in a process.
  private static final class Native {
    private static boolean prepared;

    static synchronized void prepare() {
      if (prepared) {
        return;
      }
      if (System.getProperty(LIBRARY_FOLDER) == null) {
        // A folder of its own: the usual one is shared, and its files are replaced under others.
        try {
          Path folder = Files.createTempDirectory("vesper-llama");
          folder.toFile().deleteOnExit();
          System.setProperty(LIBRARY_FOLDER, folder.toString());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      LlamaModel.setLogger(LogFormat.TEXT, Native::log);
      prepared = true;
    }

    private static void log(LogLevel level, String text) {
      String line = text.strip();
      if (line.isEmpty()) {
        return;
      }
      switch (level) {
        case ERROR -> LOG.atWarn().addKeyValue("text", line).log("llama.cpp says");
        case WARN, INFO, DEBUG -> LOG.atDebug().addKeyValue("text", line).log("llama.cpp says");
      }
    }
  }

  /// One generation. Whatever happens, its sink hears of one end.
  private final class Generation implements Runnable, Running {
    private final Call call;
    private final Sink sink;
    private final AtomicBoolean cancelled = new AtomicBoolean();

    Generation(Call call, Sink sink) {
      this.call = call;
      this.sink = sink;
    }

    @Override
    public void cancel() {
      cancelled.set(true);
    }

    @Override
    public void run() {
      End end = new End.Failed(Failure.MODEL);
      try {
        end = cancelled.get() ? new End.Failed(Failure.CANCELLED) : generate(load());
      } catch (RuntimeException | UnsatisfiedLinkError e) {
        LOG.atWarn().setCause(e).addKeyValue("file", file).log("A model in this process failed");
      } finally {
        sink.end(end);
      }
    }

    private End generate(LlamaModel ready) {
      String prompt = prompt(ready);
      InferenceParameters parameters =
          new InferenceParameters(prompt)
              .setNPredict(call.maxTokens())
              .setTemperature((float) call.temperature())
              .setTopP((float) call.topP())
              .setSeed(call.seed())
              .setCachePrompt(true);
      if (!call.stop().isEmpty()) {
        parameters.setStopStrings(call.stop().toArray(String[]::new));
      }
      LlamaIterator tokens = ready.generate(parameters).iterator();
      int count = 0;
      while (tokens.hasNext()) {
        String text = tokens.next().text;
        if (cancelled.get()) {
          if (tokens.hasNext()) {
            tokens.cancel();
          }
          return new End.Failed(Failure.CANCELLED);
        }
        if (!text.isEmpty()) {
          count++;
          sink.token(text);
        }
      }
      TokenUsage usage =
          TokenUsage.newBuilder()
              .setInputTokens(ready.encode(prompt).length)
              .setOutputTokens(count)
              .setSource(UsageSource.USAGE_SOURCE_LOCAL)
              .build();
      return new End.Complete(count >= call.maxTokens(), usage);
    }

    private String prompt(LlamaModel ready) {
      return call.system().isEmpty()
          ? call.user()
          : ready.applyTemplate(
              new InferenceParameters("")
                  .setMessages(call.system(), List.of(new Pair<>("user", call.user()))));
    }
  }
}
