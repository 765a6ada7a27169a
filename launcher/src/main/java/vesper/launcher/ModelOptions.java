package vesper.launcher;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which models answer.
final class ModelOptions {
  @Option(
      names = "--llm",
      paramLabel = "URL",
      description =
          "Ask this model server, which speaks OpenAI's protocol, as in http://127.0.0.1:8080/v1.")
  private @Nullable URI llm;

  @Option(
      names = "--llm-model",
      paramLabel = "NAME",
      description = "Name of its model (default: the first it lists).")
  private @Nullable String llmModel;

  @Option(
      names = "--llm-key-env",
      paramLabel = "VAR",
      description = "Environment variable that holds its key.")
  private @Nullable String llmKeyEnv;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Run this GGUF model in the process.")
  private @Nullable Path model;

  @Option(
      names = "--allow-paid",
      description =
          "Let --llm be a server outside of this machine and its private network: each call may cost money.")
  private boolean allowPaid;

  /// Returns what the options set, by full key.
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    if (llm == null && (llmModel != null || llmKeyEnv != null)) {
      throw new CommandFailure("--llm-model and --llm-key-env need --llm", CommandFailure.USAGE);
    }
    if (llm != null) {
      settings.put("vesper.airouter.llm.url", withPath(llm));
    }
    if (llmModel != null) {
      settings.put("vesper.airouter.llm.model", llmModel);
    }
    if (llmKeyEnv != null) {
      settings.put("vesper.airouter.llm.key-env", llmKeyEnv);
    }
    if (model != null) {
      Path file = model.toAbsolutePath().normalize();
      if (!Files.isReadable(file)) {
        throw new CommandFailure(
            "there is no model file %s that can be read".formatted(file), CommandFailure.USAGE);
      }
      settings.put("vesper.airouter.gguf.file", file.toString());
    }
    if (allowPaid) {
      settings.put("vesper.airouter.allow-paid", "true");
    }
    return settings;
  }

  /// OpenAI's routes are below `/v1`, which an address without a path means.
  private static String withPath(URI address) {
    boolean bare = address.getPath() == null || address.getPath().replace("/", "").isEmpty();
    return bare ? address.resolve("/v1").toString() : address.toString();
  }
}
