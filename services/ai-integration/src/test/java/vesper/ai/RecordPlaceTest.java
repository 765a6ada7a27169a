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

class RecordPlaceTest {
  private static final ListDecisionsRequest LIST =
      ListDecisionsRequest.newBuilder().setNpcId("npc:mira").build();

  @Property
  void read_givesBackWhatWasWritten(
      @ForAll long micros, @ForAll long high, @ForAll long low, @ForAll boolean otherSize) {
    RecordPlace token = new RecordPlace(micros, new UUID(high, low));
    ListDecisionsRequest next =
        LIST.toBuilder().setPageSize(otherSize ? 7 : 0).setPageToken(token.write(LIST)).build();
    assertThat(RecordPlace.read(next)).contains(token);
  }

  @Test
  void read_theFirstPage_hasNone() {
    assertThat(RecordPlace.read(LIST)).isEmpty();
  }

  @Test
  void read_aTokenOfAnotherList_isRefused() {
    String token = new RecordPlace(1, new UUID(1, 2)).write(LIST);
    ListDecisionsRequest other = LIST.toBuilder().setWorldId("w").setPageToken(token).build();
    assertThatThrownBy(() -> RecordPlace.read(other)).isInstanceOf(StatusRuntimeException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "AAAA", "next"})
  void read_anythingElse_isRefused(String text) {
    ListDecisionsRequest next = LIST.toBuilder().setPageToken(text).build();
    assertThatThrownBy(() -> RecordPlace.read(next)).isInstanceOf(StatusRuntimeException.class);
  }
}
