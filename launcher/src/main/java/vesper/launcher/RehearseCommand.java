package vesper.launcher;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts a system with data of its own, uses it as people do, and stops it. The script runs this
/// once per build while the virtual machine records: what was loaded and linked here is ready at
/// the next start.
@Command(name = "rehearse", hidden = true, description = "Records what a start needs.")
final class RehearseCommand implements Callable<Integer> {
  private static final List<List<String>> USE =
      List.of(
          List.of("status"),
          List.of("talk"),
          List.of("talk", "mara-vey", "--player", "rehearsal", "--say", "My name is Ilse."),
          List.of("talk", "mara-vey", "--player", "rehearsal", "--say", "What is my name?"),
          List.of("talk", "mara-vey", "--player", "rehearsal", "--say", "Tell me of the town."),
          List.of("decisions"),
          List.of("call", "time.Time/GetTime", "{\"worldId\": \"body-broker\"}"),
          List.of("call", "world.Worlds/ListEntities", "{\"worldId\": \"body-broker\"}"));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "An empty folder.")
  private Path data = Path.of("");

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Set<String> services = new LinkedHashSet<>(Catalogue.IDS);
    services.add(Catalogue.GATEWAY);
    LocalSystem.Settings settings =
        new LocalSystem.Settings(
            DataDirectory.open(data),
            SystemOptions.home().resolve("worlds/body-broker"),
            services,
            null,
            null,
            Map.of("vesper.gateway.port", "0"),
            false,
            true);
    try (LocalSystem system = new LocalSystem(settings, out)) {
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(system::close));
      system.start();
      for (List<String> command : USE) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--data", data.toString()));
        int code = Main.commandLine().setOut(out).execute(all.toArray(String[]::new));
        if (code != 0) {
          out.printf("%s ended with %d%n", String.join(" ", command), code);
        }
      }
    }
    return 0;
  }
}
