package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vesper.ai.v1.GenerateRequest;

class LinesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          I know him.|' Ask me tomorrow.'
          'I know him. '|'Ask me tomorrow.'
          I know the|'… Ask me tomorrow.'
          ''|'Ask me tomorrow.'
          """)
  void closing_followsWhatWasShown(String shown, String closing) {
    assertThat(Lines.closing(Requests.dialogue().build(), shown)).isEqualTo(closing);
  }

  @Test
  void lines_withoutTheCallers_areThere() {
    GenerateRequest request = Requests.dialogue().clearFallback().build();
    assertThat(Lines.answer(request)).isNotBlank();
    assertThat(Lines.closing(request, "So.")).isNotBlank();
  }
}
