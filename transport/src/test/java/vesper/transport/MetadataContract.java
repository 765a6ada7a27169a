package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What happens to metadata, whatever carries it.
abstract class MetadataContract extends StreamContract {
  private static final Metadata.Key<String> NAME =
      Metadata.Key.of("x-name", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> BINARY =
      Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER);

  @Test
  void metadata_unary_travelsBothWays() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Metadata request = new Metadata();
    request.put(NAME, "first value");
    request.put(NAME, "second; value=1");
    request.put(BINARY, new byte[] {0, 13, 10, -1});
    Channel decorated =
        ClientInterceptors.intercept(
            channel,
            MetadataUtils.newAttachHeadersInterceptor(request),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    assertThat(ClientCalls.blockingUnaryCall(decorated, Probe.ASK, CallOptions.DEFAULT, "a"))
        .isEqualTo("re: a");

    assertThat(received.get().getAll(NAME)).containsExactly("first value", "second; value=1");
    assertThat(received.get().get(BINARY)).isEqualTo(new byte[] {0, 13, 10, -1});
    assertThat(headers.get().getAll(NAME)).containsExactly("first value", "second; value=1");
    assertThat(trailers.get().get(BINARY)).isEqualTo(new byte[] {0, 13, 10, -1});
  }

  @Test
  void metadata_stream_travelsBothWays() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Metadata request = new Metadata();
    request.put(NAME, "streamed");
    request.put(BINARY, new byte[] {7});
    Channel decorated =
        ClientInterceptors.intercept(
            channel,
            MetadataUtils.newAttachHeadersInterceptor(request),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    assertThat(
            drain(
                ClientCalls.blockingServerStreamingCall(
                    decorated, Probe.LISTEN, CallOptions.DEFAULT, "50")))
        .isEqualTo(items(50));

    assertThat(headers.get().get(NAME)).isEqualTo("streamed");
    assertThat(trailers.get().get(BINARY)).isEqualTo(new byte[] {7});
  }

  @Test
  void metadata_none_givesEmptyHeadersAndTrailers() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Channel decorated =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));

    ClientCalls.blockingUnaryCall(decorated, Probe.ASK, CallOptions.DEFAULT, "a");

    assertThat(headers.get().containsKey(NAME)).isFalse();
    assertThat(trailers.get().containsKey(BINARY)).isFalse();
  }
}
