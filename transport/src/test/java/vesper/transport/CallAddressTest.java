package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallAddressTest {
  @Property
  void parse_ofFormat_givesTheSame(
      @ForAll @LongRange(min = 1, max = 1L << 60) long id,
      @ForAll @LongRange(min = 1, max = 86_400_000_000_000L) long nanos) {
    CallAddress address = CallAddress.parse(CallAddress.format("_INBOX.abc", id, nanos));

    assertThat(address).isNotNull();
    assertThat(address == null ? "" : address.inbox()).isEqualTo("_INBOX.abc");
    assertThat(address == null ? -1 : address.id()).isEqualTo(id);
    assertThat(address == null ? -1 : address.timeoutNanos())
        .isBetween(nanos, nanos + TimeUnit.MILLISECONDS.toNanos(1));
  }

  @Property
  void parse_ofAnything_neverThrows(@ForAll String subject) {
    CallAddress address = CallAddress.parse(subject);

    assertThat(address == null || address.id() >= 0).isTrue();
  }

  @Property
  void framesSubject_isNeverThatOfBatches(@ForAll @LongRange(min = 0) long id) {
    assertThat(CallAddress.frames("i", id)).isNotEqualTo("i." + CallAddress.BATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a",
        "a.b",
        "_INBOX.x.1",
        "_INBOX.aVeryLongNuidOfItsOwn.8kXy2Zq1",
        "x.1.5000",
        "x.1.m",
        "x.1.5000x",
        "x.1.123456789m",
        "x..5m",
        "x.é.5m",
        "x.1234567890123.5m",
        ".1.5m"
      })
  void parse_ofOtherReplySubjects_isNull(String subject) {
    assertThat(CallAddress.parse(subject)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "5n, 5",
    "5u, 5000",
    "5m, 5000000",
    "5S, 5000000000",
    "5M, 300000000000",
    "5H, 18000000000000",
    "99999999H, 9223372036854775807",
    "5x, -1",
    "-5m, -1",
    "m, -1",
    "'', -1"
  })
  void parseTimeout_readsGrpcTimeouts(String text, long nanos) {
    assertThat(CallAddress.parseTimeout(text, 0)).isEqualTo(nanos);
  }

  @Test
  void formatTimeout_ofVeryLongTimes_staysWithinEightDigits() {
    assertThat(CallAddress.formatTimeout(TimeUnit.DAYS.toNanos(30))).isEqualTo("2592000S");
    assertThat(CallAddress.formatTimeout(Long.MAX_VALUE - 1_000_000)).hasSizeLessThan(12);
  }
}
