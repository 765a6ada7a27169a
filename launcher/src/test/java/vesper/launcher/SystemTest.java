package vesper.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.testing.VesperSystem;
import vesper.testing.VesperSystem.Outcome;
import vesper.testing.VesperSystemExtension;

/// One running system, used as a newcomer, a player and an operator would.
@ExtendWith(VesperSystemExtension.class)
class SystemTest {
  private static final String NPCS = "/v1/worlds/body-broker/npcs/";

  @Test
  void status_listsEveryServiceReady(VesperSystem system) throws Exception {
    Outcome status = system.run("status", "--json");
    assertThat(status.exitCode()).as(status.stderr()).isZero();
    JsonNode services = Http.JSON.readTree(status.stdout()).path("services");
    assertThat(services).hasSize(Catalogue.IDS.size() + 1);
    assertThat(services)
        .allSatisfy(one -> assertThat(one.path("state").asText()).isEqualTo("READY"));
    assertThat(services).allSatisfy(one -> assertThat(one.path("instances").asInt()).isEqualTo(1));
  }

  @Test
  void talk_remembersAfterARestart_andTellsNobodyElse(VesperSystem system) {
    assertThat(say(system, "ilse", "My name is Ilse.")).contains("Ilse");
    say(system, "ilse", "My sister is called Tamsin.");
    system.restart();
    assertThat(say(system, "ilse", "What is my sister's name?")).contains("Tamsin");
    assertThat(say(system, "bram", "What is my sister's name?")).doesNotContain("Tamsin");
    assertThat(say(system, "bram", "What is my name?")).doesNotContain("Ilse");
  }

  @Test
  void talk_traced_showsEveryHop(VesperSystem system) {
    Outcome talk =
        system.run("talk", "mara-vey", "--player", "tracer", "--say", "Hello.", "--trace");
    assertThat(talk.exitCode()).as(talk.stderr()).isZero();
    assertThat(talk.stdout()).contains("gateway", "npc-behavior", "store");
  }

  @Test
  void talk_unknownNpc_suggestsOne(VesperSystem system) {
    Outcome talk = system.run("talk", "mara-vay", "--say", "Hello.");
    assertThat(talk.exitCode()).isEqualTo(CommandFailure.FAILED);
    assertThat(talk.stderr()).contains("NOT_FOUND", "mara-vey");
  }

  @Test
  void http_talkStreamsEvents(VesperSystem system) throws Exception {
    try (Http http = new Http(system.gateway())) {
      String token = http.login("sse");
      HttpResponse<String> talk =
          http.post(NPCS + "mara-vey:converse", token, "{\"utterance\": \"Good evening.\"}");
      assertThat(talk.statusCode()).as(talk.body()).isEqualTo(200);
      assertThat(talk.headers().firstValue("content-type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(talk.body()).contains("event: item", "\"started\"", "\"text\"", "\"ended\"");
      assertThat(talk.body().strip()).contains("event: end");
    }
  }

  @Test
  void http_refusesInOneFormat(VesperSystem system) throws Exception {
    try (Http http = new Http(system.gateway())) {
      String hello = "{\"utterance\": \"Hello.\"}";
      String alice = http.login("alice");
      String bob = http.login("bob");

      HttpResponse<String> anonymous = http.post(NPCS + "mara-vey:converse", "", hello);
      assertThat(anonymous.statusCode()).isEqualTo(401);
      assertThat(anonymous.headers().firstValue("content-type").orElse(""))
          .startsWith("application/problem+json");

      HttpResponse<String> misspelt =
          http.post(NPCS + "mara-vey:converse", alice, "{\"utterence\": \"Hello.\"}");
      assertThat(misspelt.statusCode()).isEqualTo(400);
      assertThat(Http.json(misspelt).path("errors").path(0).path("field").asText())
          .isEqualTo("utterence");
      assertThat(misspelt.body()).contains("did you mean", "utterance");

      HttpResponse<String> unknown = http.post(NPCS + "mara-vay:converse", alice, hello);
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(unknown.body()).contains("mara-vey");

      HttpResponse<String> talk = http.post(NPCS + "mara-vey:converse", alice, hello);
      String conversation =
          talk.body().replaceAll("(?s).*?\"conversationId\": ?\"([^\"]+)\".*", "$1");
      String path = "/v1/worlds/body-broker/conversations/" + conversation;
      assertThat(http.get(path, alice).statusCode()).isEqualTo(200);
      assertThat(http.get(path, bob).statusCode()).isEqualTo(403);
      assertThat(
              http.post(
                      NPCS + "mara-vey:converse",
                      bob,
                      "{\"utterance\": \"Hello.\", \"conversationId\": \"%s\"}"
                          .formatted(conversation))
                  .statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void clock_ticksOverSse_andTheOperatorSetsItsRate(VesperSystem system) throws Exception {
    Outcome rate =
        system.run(
            "call",
            "time.Time/SetClockRate",
            "{\"worldId\": \"body-broker\", \"rate\": {\"numerator\": 3600, \"denominator\": 1}}");
    assertThat(rate.exitCode()).as(rate.stderr()).isZero();
    try (Http http = new Http(system.gateway());
        HttpClient client = HttpClient.newHttpClient()) {
      String token = http.login("clock");
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      system.gateway() + "/v1/worlds/body-broker/time:stream?unit=TICK_UNIT_HOUR"))
              .header("authorization", "Bearer " + token)
              .header("accept", "text/event-stream")
              .build();
      List<String> ticks = new ArrayList<>();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(),
                  StandardCharsets.UTF_8))) {
        String line;
        while (ticks.size() < 3 && (line = lines.readLine()) != null) {
          if (line.startsWith("data:")) {
            ticks.add(line);
          }
        }
      }
      assertThat(ticks).hasSize(3).allSatisfy(tick -> assertThat(tick).contains("gameSeconds"));
    }
    Outcome watch = system.run("watch", "evt.time.hour_changed.v1.*", "--count", "4");
    List<String> ids = new ArrayList<>();
    Set<String> moments = new HashSet<>();
    for (String line : watch.stdout().lines().toList()) {
      JsonNode event = Http.JSON.readTree(line);
      ids.add(event.path("id").asText());
      moments.add(event.path("data").path("gameSeconds").asText());
    }
    assertThat(ids).hasSize(4).doesNotHaveDuplicates();
    assertThat(moments).hasSize(4);
  }

  @Test
  void call_misspeltMethod_suggestsOne(VesperSystem system) {
    Outcome call = system.run("call", "time.Time/GetTme");
    assertThat(call.exitCode()).isEqualTo(CommandFailure.USAGE);
    assertThat(call.stderr()).contains("time.Time/GetTime");
  }

  @Test
  void call_withoutRequest_namesTheField(VesperSystem system) {
    Outcome call = system.run("call", "time.Time/GetTime", "{}");
    assertThat(call.exitCode()).isEqualTo(CommandFailure.FAILED);
    assertThat(call.stderr()).contains("INVALID_ARGUMENT", "worldId");
  }

  @Test
  void kill_leavesNothingBehindAfterDown(VesperSystem system) throws Exception {
    RunningSystem running = RunningSystem.read(system.data().resolve("running.json"));
    system.kill();
    assertThat(system.run("status").exitCode()).isEqualTo(CommandFailure.NOT_RUNNING);
    Process down =
        new ProcessBuilder(
                Path.of(System.getProperty("vesper.home"), "vesper").toString(),
                "down",
                "--data",
                system.data().toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(down.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(down.waitFor()).as(output).isZero();
    assertThat(running.processes()).hasSize(3).noneMatch(RunningSystem.Part::alive);
    assertThat(Files.exists(system.data().resolve("running.json"))).isFalse();
    system.restart();
    assertThat(system.run("status").exitCode()).isZero();
  }

  @Test
  void secrets_areReadableByTheirOwnerOnly(VesperSystem system) throws Exception {
    try (Stream<Path> files = Files.walk(system.data().resolve("keys"))) {
      assertThat(files.filter(Files::isRegularFile).toList())
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(
                      java.nio.file.attribute.PosixFilePermissions.toString(
                          Files.getPosixFilePermissions(file)))
                  .as(file.toString())
                  .isEqualTo("rw-------"));
    }
  }

  private static String say(VesperSystem system, String player, String words) {
    Outcome talk = system.run("talk", "mara-vey", "--player", player, "--say", words);
    assertThat(talk.exitCode()).as(talk.stderr()).isZero();
    return talk.stdout();
  }
}
