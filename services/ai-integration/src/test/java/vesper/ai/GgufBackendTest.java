package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import vesper.ai.v1.Finish;
import vesper.ai.v1.GenerateParams;
import vesper.ai.v1.GenerateResponse;
import vesper.ai.v1.Tier;
import vesper.ai.v1.UsageSource;
import vesper.airouter.v1.EndpointKind;
import vesper.airouter.v1.EndpointSpec;
import vesper.testing.NatsExtension;
import vesper.testing.PostgresExtension;
import vesper.testing.TestDatabase;
import vesper.testing.TestNats;

@Tag("shared-data")
@ExtendWith({NatsExtension.class, PostgresExtension.class})
class GgufBackendTest {
  private static final Path MODEL =
      Path.of(System.getProperty("vesper.home"))
          .resolve("../shared/data/stories260K.gguf")
          .normalize();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final GgufBackend BACKEND = new GgufBackend(MODEL, 512, 4);

  @Test
  void stream_continuesTheWords() throws Exception {
    Heard heard = new Heard();
    BACKEND.stream(call("Once upon a time", 40), heard);
    Backend.End end = heard.end.get(60, TimeUnit.SECONDS);

    assertThat(end)
        .isInstanceOfSatisfying(
            Backend.End.Complete.class,
            complete -> {
              assertThat(complete.cut()).isTrue();
              assertThat(complete.usage().getSource()).isEqualTo(UsageSource.USAGE_SOURCE_LOCAL);
              assertThat(complete.usage().getOutputTokens()).isBetween(30, 40);
              assertThat(complete.usage().getInputTokens()).isPositive();
            });
    assertThat(heard.text()).contains(" ");
    assertThat(heard.tokens).hasSizeGreaterThan(20);
    assertThat(BACKEND.loaded()).isTrue();
  }

  @Test
  void stream_theSameSeed_givesTheSameWords() throws Exception {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Heard heard = new Heard();
      BACKEND.stream(call("Lily found a lantern", 30), heard);
      heard.end.get(60, TimeUnit.SECONDS);
      texts.add(heard.text());
    }
    assertThat(texts.get(0)).isEqualTo(texts.get(1));
  }

  @Test
  void stream_fourAtOnce_allComeToTheirEnd() throws Exception {
    List<Heard> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Heard heard = new Heard();
      BACKEND.stream(call("There was a boy named Tom", 60), heard);
      all.add(heard);
    }
    for (Heard heard : all) {
      assertThat(heard.end.get(60, TimeUnit.SECONDS)).isInstanceOf(Backend.End.Complete.class);
    }
  }

  @Test
  void cancel_stopsBetweenTwoTokens() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Heard heard = new Heard();
      Backend.Running running = BACKEND.stream(call("Once upon a time", 450), heard);
      Awaitility.await().atMost(LONG).until(() -> heard.tokens.size() > 3);
      long started = System.nanoTime();
      running.cancel();
      Backend.End end = heard.end.get(60, TimeUnit.SECONDS);
      millis.add((System.nanoTime() - started) / 1_000_000);
      assertThat(end).isEqualTo(new Backend.End.Failed(Failure.CANCELLED));
    }
    // Other builds on the machine may hold up some of them, but not all.
    assertThat(millis).anySatisfy(taken -> assertThat(taken).isLessThanOrEqualTo(100));
  }

  @Test
  void stream_aFileThatIsNone_fails() throws Exception {
    Heard heard = new Heard();
    new GgufBackend(Path.of("absent.gguf"), 512, 1).stream(call("Once", 8), heard);
    assertThat(heard.end.get(60, TimeUnit.SECONDS))
        .isEqualTo(new Backend.End.Failed(Failure.MODEL));
  }

  @Test
  @Tag("RT-0")
  void generate_aModelTooSmallForInstructions_continuesThePlayersWords(
      TestNats nats, TestDatabase database) {
    try (AiHost host = AiHost.start(nats, database)) {
      EndpointSpec spec =
          EndpointSpec.newBuilder()
              .setEndpointId("demo")
              .setKind(EndpointKind.ENDPOINT_KIND_GGUF)
              .setModel(MODEL.toString())
              .setContextTokens(512)
              .setSlots(2)
              .setDemo(true)
              .build();
      host.router.plan(TestRouter.candidate(spec, Tier.TIER_SILVER, false));
      GenerateResponse answer =
          host.caller()
              .generate(
                  Requests.dialogue("Once upon a time there was")
                      .setParams(GenerateParams.newBuilder().setMaxTokens(60))
                      .build());
      assertThat(answer.getDone().getFinish()).isIn(Finish.FINISH_LENGTH, Finish.FINISH_COMPLETE);
      assertThat(answer.getText()).hasSizeGreaterThan(20);
      assertThat(answer.getDone().getUsage().getSource()).isEqualTo(UsageSource.USAGE_SOURCE_LOCAL);
    }
  }

  private static Backend.Call call(String words, int tokens) {
    return new Backend.Call("", words, tokens, .8, .95, List.of(), 7);
  }

  private static final class Heard implements Backend.Sink {
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Backend.End> end = new CompletableFuture<>();

    @Override
    public void token(String text) {
      tokens.add(text);
    }

    @Override
    public void end(Backend.End last) {
      if (!end.complete(last)) {
        throw new IllegalStateException("a generation ended twice");
      }
    }

    String text() {
      return String.join("", tokens);
    }
  }
}
