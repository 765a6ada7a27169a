package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vesper.testing.VesperSystem;
import vesper.testing.VesperSystem.Outcome;

/// One service in processes of its own beside the others.
class ReplicaTest {
  private static final String OTHERS =
      "auth,time-manager,world-state,knowledge-base,ai-integration,ai-router";
  private static final String TALK = "/v1/worlds/body-broker/npcs/mara-vey:converse";
  private static final int TALKS = 16;

  @Test
  void run_twoReplicas_shareTheCalls_andOneMayDie() throws Exception {
    try (VesperSystem system = VesperSystem.start("--services", OTHERS)) {
      assertThat(system.run("status").exitCode()).isEqualTo(CommandFailure.FAILED);
      Process first = system.launch("run", "npc-behavior");
      Process second = system.launch("run", "npc-behavior");
      awaitInstances(system, 2);

      try (Http http = new Http(system.gateway())) {
        talk(http, "together");
        List<JsonNode> replicas = replicas(status(system));
        assertThat(replicas)
            .extracting(each -> each.path("pid").asLong())
            .containsExactlyInAnyOrder(first.pid(), second.pid());
        assertThat(replicas)
            .allSatisfy(each -> assertThat(each.path("calls").asInt()).isPositive());

        first.destroyForcibly().onExit().join();
        awaitInstances(system, 1);
        talk(http, "alone");
        assertThat(replicas(status(system)))
            .extracting(each -> each.path("pid").asLong())
            .containsExactly(second.pid());
      }

      second.destroy();
      assertThat(second.onExit().get().exitValue()).isIn(0, 143);
      assertThat(ReplicaFile.list(DataDirectory.open(system.data()))).isEmpty();
    }
  }

  @Test
  void run_unknownService_suggestsOne() {
    try (VesperSystem system = VesperSystem.start("--services", "auth")) {
      Outcome misspelt = system.run("run", "npc-behaviour");
      assertThat(misspelt.exitCode()).isEqualTo(CommandFailure.USAGE);
      assertThat(misspelt.stderr()).contains("did you mean 'npc-behavior'");
    }
  }

  private static void talk(Http http, String name) throws Exception {
    for (int i = 0; i < TALKS; i++) {
      HttpResponse<String> answer =
          http.post(TALK, http.login(name + i), "{\"utterance\": \"Hello.\"}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("event: end");
    }
  }

  private static void awaitInstances(VesperSystem system, int count) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(replicas(status(system))).hasSize(count));
  }

  private static JsonNode status(VesperSystem system) throws Exception {
    return Http.JSON.readTree(system.run("status", "--json").stdout());
  }

  private static List<JsonNode> replicas(JsonNode status) {
    List<JsonNode> replicas = new ArrayList<>();
    status
        .path("processes")
        .forEach(process -> {
          if (process.path("services").toString().contains("npc-behavior")) {
            replicas.add(process);
          }
        });
    return replicas;
  }
}
