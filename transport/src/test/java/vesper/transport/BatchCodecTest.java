package vesper.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class BatchCodecTest {
  record Seen(Frame.Kind kind, long call, long sequence, List<Byte> payload) {}

  @Property
  void read_ofWritten_givesTheSame(@ForAll("seen") List<Seen> frames) {
    ByteWriter out = new ByteWriter();
    for (Seen seen : frames) {
      int before = out.size();
      byte[] payload = new byte[seen.payload.size()];
      for (int i = 0; i < payload.length; i++) {
        payload[i] = seen.payload.get(i);
      }
      BatchCodec.write(new Frame(seen.kind, seen.call, seen.sequence, payload, null, ""), out);
      assertThat(out.size() - before).isLessThanOrEqualTo(payload.length + BatchCodec.OVERHEAD);
    }
    List<Seen> read = new ArrayList<>();

    assertThat(BatchCodec.read(out.take(), collectInto(read))).isTrue();

    assertThat(read).isEqualTo(frames);
  }

  @Property
  void read_ofAnyBytes_staysWithinThem(@ForAll byte[] bytes) {
    List<Seen> read = new ArrayList<>();

    boolean sound = BatchCodec.read(bytes, collectInto(read));

    int payloads = read.stream().mapToInt(seen -> seen.payload.size()).sum();
    assertThat(payloads + 4 * read.size()).isLessThanOrEqualTo(bytes.length);
    assertThat(sound || bytes.length > 0).isTrue();
  }

  @Property
  void control_ofAnyBytes_isReadOrNull(@ForAll byte[] bytes) {
    Control control = Control.read(bytes);

    assertThat(control == null || (control.call() >= 0 && control.value() >= 0)).isTrue();
  }

  @Property
  void control_ofWritten_givesTheSame(@ForAll("controls") Control control) {
    assertThat(Control.read(control.write())).isEqualTo(control);
  }

  @Provide
  Arbitrary<List<Seen>> seen() {
    return Combinators.combine(
            Arbitraries.of(Frame.Kind.REPLY, Frame.Kind.MESSAGE, Frame.Kind.END, Frame.Kind.BEAT),
            Arbitraries.longs().greaterOrEqual(0),
            Arbitraries.longs().greaterOrEqual(0),
            Arbitraries.bytes().list().ofMaxSize(300))
        .as(Seen::new)
        .list()
        .ofMaxSize(20);
  }

  @Provide
  Arbitrary<Control> controls() {
    return Combinators.combine(
            Arbitraries.of(Control.Kind.class),
            Arbitraries.longs().greaterOrEqual(0),
            Arbitraries.longs().greaterOrEqual(0),
            Arbitraries.strings().alpha().ofMaxLength(100))
        .as(Control::new);
  }

  private static BatchCodec.Sink collectInto(List<Seen> read) {
    return (kind, call, sequence, payload) -> {
      byte[] bytes =
          Arrays.copyOfRange(
              payload.array(), payload.offset(), payload.offset() + payload.length());
      List<Byte> list = new ArrayList<>();
      for (byte b : bytes) {
        list.add(b);
      }
      read.add(new Seen(kind, call, sequence, list));
    };
  }
}
