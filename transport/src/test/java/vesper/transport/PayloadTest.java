package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class PayloadTest {
  private static Marshaller<String> writing(Supplier<InputStream> stream) {
    return new Marshaller<>() {
      @Override
      public InputStream stream(String value) {
        return stream.get();
      }

      @Override
      public String parse(InputStream in) {
        throw new UnsupportedOperationException();
      }
    };
  }

  /// A stream of unknown length.
  @SuppressWarnings("InputStreamSlowMultibyteRead") // three bytes
  private static class Plain extends InputStream {
    int left = 3;

    @Override
    public int read() throws IOException {
      return left-- > 0 ? 7 : -1;
    }
  }

  private static final class Boaster extends Plain implements KnownLength {
    @Override
    public int available() {
      return 5;
    }
  }

  private static final class Broken extends Plain implements KnownLength {
    @Override
    public int available() throws IOException {
      throw new IOException("broken");
    }
  }

  @Test
  void write_ofUnknownLength_readsToTheEnd() {
    assertThat(Payload.write(writing(Plain::new), "")).containsExactly(7, 7, 7);
    assertThat(Payload.size(writing(Plain::new), "")).isZero();
  }

  @Test
  void write_ofArrays_takesThemWhole() {
    Marshaller<String> marshaller = writing(() -> new ByteArrayInputStream(new byte[] {1, 2}));

    assertThat(Payload.write(marshaller, "")).containsExactly(1, 2);
    assertThat(Payload.size(marshaller, "")).isEqualTo(2);
  }

  @Test
  void marshallerThatWritesLessThanItAnnounced_isFoundOut() {
    assertThatThrownBy(() -> Payload.write(writing(Boaster::new), ""))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void marshallerThatFails_fails() {
    assertThatThrownBy(() -> Payload.write(writing(Broken::new), ""))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> Payload.size(writing(Broken::new), ""))
        .isInstanceOf(UncheckedIOException.class);
  }
}
