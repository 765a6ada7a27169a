package vesper.runtime;

import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import vesper.npc.v1.AddMemoryRequest;
import vesper.npc.v1.GetNpcRequest;
import vesper.npc.v1.Memory;
import vesper.npc.v1.Npc;
import vesper.npc.v1.NpcsGrpc;
import vesper.testing.TestDatabase;
import vesper.transport.Routing;

/// A replica of a small slow service in a process of its own, to be killed by tests.
final class ReplicaProcess implements AutoCloseable {
  /// How long each call takes.
  static final Duration WORK = Duration.ofMillis(100);

  private static final String READY = "ready";

  private final Process process;
  private final BufferedReader output;

  private ReplicaProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Starts one; [#awaitReady] waits until it takes calls.
  static ReplicaProcess start(URI nats, TestDatabase database, Path keys) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                ReplicaProcess.class.getName()));
    command.addAll(
        List.of(
            nats.toString(),
            database.jdbcUrl(),
            database.user(),
            database.password(),
            keys.toString()));
    return new ReplicaProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  void awaitReady() throws IOException {
    List<String> seen = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(READY)) {
        return;
      }
      seen.add(line);
    }
    throw new IllegalStateException(
        seen.stream().collect(Collectors.joining("\n", "the replica ended:\n", "")));
  }

  /// Ends it as `kill -9` does.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// Ends it in order.
  void stop() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// The replica: NATS, database, user, password, folder of keys.
  public static void main(String[] arguments) throws InterruptedException {
    Host host =
        Host.builder()
            .nats(URI.create(arguments[0]))
            .database(arguments[1], arguments[2], arguments[3])
            .keys(InstallationKeys.open(Path.of(arguments[4])))
            .routing(Routing.NATS)
            .modules(List.of(new SlowModule()))
            .build();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(host::close));
    host.start();
    if (host.awaitReady(Duration.ofMinutes(1))) {
      System.out.println(READY);
    }
    Thread.currentThread().join();
  }

  /// Reads and writes, each of which takes its time.
  private static final class SlowModule implements ServiceModule {
    @Override
    public String id() {
      return "npc-behavior";
    }

    @Override
    public String domain() {
      return "npc";
    }

    @Override
    public Wiring wire(ServiceContext context) {
      return Wiring.of(new Slow(context.database(), context.answers()));
    }
  }

  private static final class Slow extends NpcsGrpc.NpcsImplBase {
    private final Database database;
    private final Answers answers;

    Slow(Database database, Answers answers) {
      this.database = database;
      this.answers = answers;
    }

    @Override
    public void getNpc(GetNpcRequest request, StreamObserver<Npc> out) {
      LockSupport.parkNanos(WORK.toNanos());
      out.onNext(Npc.newBuilder().setName(Long.toString(ProcessHandle.current().pid())).build());
      out.onCompleted();
    }

    @Override
    public void addMemory(AddMemoryRequest request, StreamObserver<Memory> out) {
      out.onNext(
          database.write(
              "memory.add",
              handle ->
                  answers.once(
                      handle,
                      request,
                      Memory.parser(),
                      () -> {
                        handle.execute(
                            "insert into npc.effect (said) values (?)", request.getText());
                        LockSupport.parkNanos(WORK.toNanos());
                        return Memory.newBuilder().setText(request.getText()).build();
                      })));
      out.onCompleted();
    }
  }
}
