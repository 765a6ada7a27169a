package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nats.client.impl.Headers;
import io.nats.client.support.IncomingHeadersProcessor;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderCodecTest {
  private static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static Metadata.Key<byte[]> binary(String name) {
    return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
  }

  /// Sends a block through the client library's own parser.
  private static Headers received(HeaderBlock block) {
    return new IncomingHeadersProcessor(block.getSerialized()).getHeaders();
  }

  @Property
  void metadata_travels(
      @ForAll @AlphaChars @StringLength(min = 1, max = 40) String name,
      @ForAll @CharRange(from = '!', to = '~') @StringLength(max = 200) String value,
      @ForAll byte[] bytes) {
    Metadata metadata = new Metadata();
    String key = "x" + name.toLowerCase(Locale.ROOT);
    metadata.put(text(key), value);
    metadata.put(text(key), "second of " + key);
    metadata.put(binary(key + "-bin"), bytes);
    HeaderBlock block = HeaderCodec.request(metadata);
    assertThat(block).isNotNull();
    if (block == null) {
      return;
    }

    Metadata read = HeaderCodec.metadata(received(block));

    assertThat(read.getAll(text(key))).containsExactly(value, "second of " + key);
    assertThat(read.get(binary(key + "-bin"))).isEqualTo(bytes);
    assertThat(read.keys()).hasSize(2);
  }

  @Property
  void description_travels(@ForAll @NotBlank @StringLength(max = 200) String description) {
    String wellFormed =
        new String(
            description.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.nio.charset.StandardCharsets.UTF_8);
    Headers headers =
        received(
            HeaderCodec.response(
                0,
                new Metadata(),
                Status.ABORTED.withDescription(wellFormed.strip()),
                new Metadata()));

    Status status = HeaderCodec.status(headers);

    assertThat(status == null ? null : status.getDescription()).isEqualTo(wellFormed.strip());
  }

  @ParameterizedTest
  @EnumSource(Status.Code.class)
  void statusCode_travels(Status.Code code) {
    Headers headers =
        received(HeaderCodec.response(0, new Metadata(), code.toStatus(), new Metadata()));

    Status status = HeaderCodec.status(headers);

    assertThat(status == null ? null : status.getCode()).isEqualTo(code);
  }

  @Test
  void response_keepsHeadersTrailersAndSequenceApart() {
    Metadata first = new Metadata();
    first.put(text("x-same"), "header");
    Metadata last = new Metadata();
    last.put(text("x-same"), "trailer");
    Headers headers = received(HeaderCodec.response(7, first, Status.OK, last));

    assertThat(HeaderCodec.metadata(headers).get(text("x-same"))).isEqualTo("header");
    assertThat(HeaderCodec.trailers(headers).get(text("x-same"))).isEqualTo("trailer");
    assertThat(HeaderCodec.metadata(headers).keys()).hasSize(1);
    assertThat(HeaderCodec.trailers(headers).keys()).hasSize(1);
    assertThat(HeaderCodec.sequence(headers)).isEqualTo(7);
  }

  @Test
  void request_withoutMetadata_hasNoBlock() {
    assertThat(HeaderCodec.request(new Metadata())).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nInjected: yes", "tab\there", "del\u007F"})
  void request_withUnprintableValue_fails(String value) {
    Metadata metadata = new Metadata();
    metadata.put(text("x-name"), value);

    assertThatThrownBy(() -> HeaderCodec.request(metadata))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
              assertThat(e.getStatus().getDescription()).contains("x-name");
            });
  }

  @Test
  void tooMuchMetadata_failsOnBothSides() {
    Metadata metadata = new Metadata();
    metadata.put(text("x-large"), "x".repeat(HeaderCodec.MAX_BYTES));
    Headers headers = new Headers();
    headers.put("x-large", "x".repeat(HeaderCodec.MAX_BYTES));

    assertThatThrownBy(() -> HeaderCodec.request(metadata))
        .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    assertThatThrownBy(() -> HeaderCodec.metadata(headers))
        .satisfies(e -> assertThat(CarriedCalls.code(e)).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
  }

  @Test
  void namesOfOthers_areIgnored() {
    Headers headers = new Headers();
    headers.put("Nats-Msg-Id", "1");
    headers.put("grpc-timeout", "5S");
    headers.put("X-Upper", "no");
    headers.put("x/odd", "no");
    headers.put("Trailer-", "no");
    headers.put("x-good", "yes");

    assertThat(HeaderCodec.metadata(headers).keys()).containsExactly("x-good");
    assertThat(HeaderCodec.trailers(headers).keys()).isEmpty();
  }

  @Test
  void names_mayHoldDigitsDotsDashesAndUnderscores() {
    Headers headers = new Headers();
    headers.put("x-1.2_z", "yes");
    headers.put("x~1", "no");
    headers.put("x[1", "no");
    headers.put("x:1".replace(':', '{'), "no");

    assertThat(HeaderCodec.metadata(headers).keys()).containsExactly("x-1.2_z");
  }

  @Test
  void grpcTimeout_isTheTransportsOwn() {
    Metadata metadata = new Metadata();
    metadata.put(text("grpc-timeout"), "1n");
    metadata.put(text("x-name"), "yes");
    HeaderBlock block = HeaderCodec.request(metadata);

    assertThat(block == null ? "" : block.toString()).contains("x-name").doesNotContain("timeout");
  }

  @Test
  void numbersOutOfRange_areIgnored() {
    Headers headers = new Headers();
    headers.put("Grpc-Status", "");
    headers.put("Seq", "1234567890123456789");

    assertThat(HeaderCodec.sequence(headers)).isZero();
    Status status = HeaderCodec.status(headers);
    assertThat(status == null ? null : status.getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(HeaderCodec.sequence(new Headers())).isZero();
  }

  @Test
  void numbersThatAreNone_areIgnored() {
    Headers headers = new Headers();
    headers.put("Grpc-Status", "seven");
    headers.put("Seq", "-1");

    assertThat(HeaderCodec.status(headers)).isNotNull();
    assertThat(HeaderCodec.sequence(headers)).isZero();
    assertThat(HeaderCodec.timeout(null, 5)).isEqualTo(5);
    assertThat(HeaderCodec.timeout(headers, 5)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100%", "%zz", "%4", "a%"})
  void percentDecode_ofBrokenEscapes_keepsThem(String text) {
    assertThat(HeaderCodec.percentDecode(text)).isEqualTo(text);
  }

  @Property
  void percentDecode_ofAnything_neverThrows(@ForAll String text) {
    assertThat(HeaderCodec.percentDecode(text)).isNotNull();
  }
}
