package vesper.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vesper.ai.v1.ListDecisionsRequest;

class PageTokenTest {
  private static final ListDecisionsRequest LIST =
      ListDecisionsRequest.newBuilder().setNpcId("npc:mira").build();

  @Property
  void read_givesBackWhatWasWritten(
      @ForAll long micros, @ForAll long high, @ForAll long low, @ForAll boolean otherSize) {
    PageToken token = new PageToken(micros, new UUID(high, low));
    ListDecisionsRequest next =
        LIST.toBuilder().setPageSize(otherSize ? 7 : 0).setPageToken(token.write(LIST)).build();
    assertThat(PageToken.read(next)).contains(token);
  }

  @Test
  void read_theFirstPage_hasNone() {
    assertThat(PageToken.read(LIST)).isEmpty();
  }

  @Test
  void read_aTokenOfAnotherList_isRefused() {
    String token = new PageToken(1, new UUID(1, 2)).write(LIST);
    ListDecisionsRequest other = LIST.toBuilder().setWorldId("w").setPageToken(token).build();
    assertThatThrownBy(() -> PageToken.read(other)).isInstanceOf(StatusRuntimeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "AAAA", "next"})
  void read_anythingElse_isRefused(String text) {
    ListDecisionsRequest next = LIST.toBuilder().setPageToken(text).build();
    assertThatThrownBy(() -> PageToken.read(next)).isInstanceOf(StatusRuntimeException.class);
  }
}
