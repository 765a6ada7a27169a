package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import vesper.npc.v1.ConverseEvent;
import vesper.npc.v1.ConverseRequest;
import vesper.npc.v1.ConverseText;
import vesper.npc.v1.GetNpcRequest;
import vesper.npc.v1.Npc;
import vesper.npc.v1.NpcsGrpc;
import vesper.runtime.Refusal;

/// A stock gRPC client that knows no contract but what reflection tells. The build of the protocol
/// fetches it.
class BufCurlTest {
  private static final Path BUF =
      Path.of(System.getProperty("vesper.home", ".."), "protocol", "target", "buf.exe");
  private static TestEdge edge;

  @BeforeAll
  static void start() {
    assertThat(BUF.toFile().setExecutable(true)).isTrue();
    edge = new TestEdge(TestEdge.CONFIG, new Village());
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  private static final class Village extends NpcsGrpc.NpcsImplBase {
    @Override
    public void getNpc(GetNpcRequest request, StreamObserver<Npc> answer) {
      if (request.getNpcId().equals("mara")) {
        answer.onNext(Npc.newBuilder().setNpcId("mara").setName("Mara").build());
        answer.onCompleted();
      } else {
        answer.onError(Refusal.unknown("npcId", "NPC", request.getNpcId(), List.of("mara")));
      }
    }

    @Override
    public void converse(ConverseRequest request, StreamObserver<ConverseEvent> answer) {
      for (String word : List.of("Who ", "asks?")) {
        answer.onNext(
            ConverseEvent.newBuilder().setText(ConverseText.newBuilder().setText(word)).build());
      }
      answer.onCompleted();
    }
  }

  @Test
  void list_showsTheServices() throws Exception {
    assertThat(buf("--list-methods", edge.uri().toString()))
        .contains("vesper.npc.v1.Npcs/Converse")
        .doesNotContain("Hidden");
  }

  @Test
  void unary_works() throws Exception {
    assertThat(call("GetNpc", "{\"worldId\":\"w\",\"npcId\":\"mara\"}"))
        .contains("\"name\": \"Mara\"");
  }

  @Test
  void stream_works() throws Exception {
    assertThat(call("Converse", "{\"utterance\":\"Hello\"}")).contains("Who ").contains("asks?");
  }

  @Test
  void error_isShown() throws Exception {
    assertThat(call("GetNpc", "{\"worldId\":\"w\",\"npcId\":\"marra\"}"))
        .contains("\"code\": \"not_found\"")
        .contains("no NPC 'marra'; did you mean 'mara'?")
        .contains("google.rpc.BadRequest");
  }

  @Test
  void withoutToken_isUnauthenticated() throws Exception {
    assertThat(buf("-d", "{}", edge.uri() + "/vesper.npc.v1.Npcs/GetNpc"))
        .contains("\"code\": \"unauthenticated\"");
  }

  private static String call(String method, String json) throws Exception {
    return buf(
        "-H",
        "Authorization: Bearer " + TestEdge.TOKEN,
        "-d",
        json,
        edge.uri() + "/vesper.npc.v1.Npcs/" + method);
  }

  private static String buf(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                BUF.toAbsolutePath().toString(),
                "curl",
                "--protocol",
                "grpc",
                "--http2-prior-knowledge"));
    command.addAll(List.of(arguments));
    Path home = Files.createTempDirectory("buf");
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().put("HOME", home.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
