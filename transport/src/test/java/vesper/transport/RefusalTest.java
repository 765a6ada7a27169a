package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

final class RefusalTest {
  @Test
  void isRefused_readsTheTrailer() {
    Metadata refused = new Metadata();
    refused.put(Refusal.KEY, Refusal.LIMIT);

    assertThat(Refusal.isRefused(Status.UNAVAILABLE.asRuntimeException(refused))).isTrue();
    assertThat(Refusal.isRefused(Status.UNAVAILABLE.asException(refused))).isTrue();
    assertThat(Refusal.isRefused(Status.UNAVAILABLE.asRuntimeException(new Metadata()))).isFalse();
    assertThat(Refusal.isRefused(Status.UNAVAILABLE.asRuntimeException())).isFalse();
    assertThat(Refusal.isRefused(new IllegalStateException("no status"))).isFalse();
  }
}
