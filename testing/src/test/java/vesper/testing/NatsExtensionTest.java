package vesper.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NatsExtension.class)
@SuppressWarnings("try") // closing a connection may be interrupted
class NatsExtensionTest {
  @Test
  void shared_carriesMessages(TestNats nats) throws Exception {
    try (Connection connection = Nats.connect(nats.url().toString())) {
      var subscription = connection.subscribe("greeting");
      connection.publish("greeting", "evening".getBytes(StandardCharsets.UTF_8));
      assertThat(subscription.nextMessage(Duration.ofSeconds(10)).getData())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("evening");
    }
  }

  @Test
  void shared_hasJetStream(TestNats nats) throws Exception {
    try (Connection connection = Nats.connect(nats.url().toString())) {
      assertThat(connection.jetStreamManagement().getAccountStatistics().getStreams()).isZero();
    }
  }

  @Test
  void shared_isTheSameServerInTheModulesAccount(TestNats nats) {
    assertThat(nats.url()).isEqualTo(TestNats.shared().url());
    assertThat(nats.url().getUserInfo()).startsWith(TestEnvironment.account() + ":");
  }

  @Nested
  class Inside {
    @Test
    void nestedClass_resolvesToo(TestNats nats) {
      assertThat(nats.url()).isEqualTo(TestNats.shared().url());
    }
  }
}
