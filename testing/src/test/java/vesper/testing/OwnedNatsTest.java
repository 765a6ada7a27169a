package vesper.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.StreamConfiguration;
import java.net.URI;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // closing a connection may be interrupted
class OwnedNatsTest {
  @Test
  void start_afterStopAndKill_keepsAddressAndData() throws Exception {
    try (TestNats.Owned own = TestNats.startOwn()) {
      URI url = own.url();
      try (Connection connection = Nats.connect(own.url().toString())) {
        connection
            .jetStreamManagement()
            .addStream(StreamConfiguration.builder().name("KEPT").subjects("kept").build());
      }
      own.stop();
      assertThat(own.isRunning()).isFalse();
      own.start();
      assertThat(own.url()).isEqualTo(url);
      own.kill();
      assertThat(own.isRunning()).isFalse();
      own.start();
      try (Connection connection = Nats.connect(own.url().toString())) {
        assertThat(connection.jetStreamManagement().getStreamNames()).containsExactly("KEPT");
      }
    }
  }

  @Test
  void start_running_refuses() {
    try (TestNats.Owned own = TestNats.startOwn()) {
      assertThatThrownBy(own::start).isInstanceOf(IllegalStateException.class);
      assertThat(own.isRunning()).isTrue();
    }
  }
}
