package vesper.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Write to ines.k+x@example.co.uk now. | Write to [email] now.",
        "Card 4111 1111 1111 1111, please. | Card [card], please.",
        "Card 5500-0000-0000-0004 | Card [card]",
        "Pay GB82 WEST 1234 5698 7654 32 today | Pay [iban] today",
        "DE89370400440532013000 | [iban]",
        "Host 192.168.0.17 is up | Host [ip] is up",
        "At 2001:db8::8a2e:370:7334, he said | At [ip], he said",
        "Call +49 170 1234567 | Call [phone]",
        "Call +1 (555) 123-4567. | Call [phone].",
        "Call (555) 123-4567 | Call [phone]",
        "Call 555-123-4567 | Call [phone]",
        "Call 0170 1234567 | Call [phone]",
        "a@b.io and 10.0.0.1 | [email] and [ip]"
      })
  void mask_personalData_isReplacedByItsKind(String text, String masked) {
    assertThat(Masking.mask(text).text()).isEqualTo(masked);
    assertThat(Masking.mask(text).kinds()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Card 4111 1111 1111 1112, not one",
        "In 1847 the river ran backwards",
        "300 crowns and 4,000 steps",
        "It is 3.5 miles",
        "Version 1.2.3.4.5",
        "Host 300.1.1.1",
        "GB82 WEST 1234 5698 7654 33 has wrong check digits",
        "The code is 4, 7, 7, 1",
        "It is 10:30:00 now",
        "Me @ the port",
        "0000 0000 0000 0000",
        "+12 34"
      })
  void mask_otherNumbers_stay(String text) {
    assertThat(Masking.mask(text).text()).isEqualTo(text);
    assertThat(Masking.mask(text).kinds()).isEmpty();
  }

  @Test
  void mask_159LinesOfHorrorTalk_stay() {
    assertThat(Lines.of("benign.txt"))
        .hasSize(159)
        .allSatisfy(line -> assertThat(Masking.mask(line.text()).text()).isEqualTo(line.text()));
  }

  @Test
  void kind_hasAPlaceholder() {
    assertThat(Masking.Kind.EMAIL.placeholder()).isEqualTo("[email]");
  }
}
