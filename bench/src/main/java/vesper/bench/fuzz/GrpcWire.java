package vesper.bench.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// One HTTP/2 connection for one call, written frame by frame, so that every byte of it can be
/// wrong (RFC 9113).
final class GrpcWire implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  private static final int EVERYBODY_TAKES = 16_384;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  private static final int ACK = 1;
  private static final int LARGEST_FRAME = 1 << 20;

  private final Socket socket;
  private final DataInputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

  GrpcWire(URI server, int patienceMillis) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(patienceMillis);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /// What came back on the call: headers and trailers in one, and what else the server said.
  ///
  /// @param end `end`, `reset`, `goaway` or `closed`
  record Answer(Map<String, String> headers, String debug, String end) {}

  void frame(int type, int flags, int stream, byte[] payload) {
    header(payload.length, type, flags, stream);
    out.writeBytes(payload);
  }

  /// Writes the head of a frame, whatever follows.
  void header(int length, int type, int flags, int stream) {
    out.write(length >>> 16);
    out.write(length >>> 8);
    out.write(length);
    out.write(type);
    out.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(stream >>> shift);
    }
  }

  void raw(byte[] bytes) {
    out.writeBytes(bytes);
  }

  /// Returns a header block without compression.
  static byte[] block(Map<String, String> fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    fields.forEach((name, value) -> {
      block.write(0);
      string(block, name);
      string(block, value);
    });
    return block.toByteArray();
  }

  private static void string(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int rest = bytes.length;
    if (rest < 127) {
      block.write(rest);
    } else {
      block.write(127);
      rest -= 127;
      while (rest >= 128) {
        block.write((rest & 127) | 128);
        rest >>>= 7;
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /// Writes the last bytes of a stream, in frames that every peer takes.
  void last(int stream, byte[] bytes) throws IOException {
    for (int from = 0; from == 0 || from < bytes.length; from += EVERYBODY_TAKES) {
      int to = Math.min(bytes.length, from + EVERYBODY_TAKES);
      int flags = to == bytes.length ? END_STREAM : 0;
      frame(DATA, flags, stream, Arrays.copyOfRange(bytes, from, to));
    }
  }

  /// Sends what was written and reads until the call ends or enough was seen.
  ///
  /// @param mostFrames after which the connection is dropped
  Answer exchange(int mostFrames) throws IOException {
    Map<String, String> seen = new LinkedHashMap<>();
    StringBuilder debug = new StringBuilder();
    try {
      flush();
      for (int frames = 0; frames < mostFrames; frames++) {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        if (length > LARGEST_FRAME) {
          throw new IOException("a frame of " + length + " bytes");
        }
        byte[] payload = in.readNBytes(length);
        switch (type) {
          case HEADERS ->
              decode(stream, payload)
                  .forEach(
                      field -> seen.put(field.getKey().toString(), field.getValue().toString()));
          case SETTINGS -> acknowledge(SETTINGS, flags, new byte[0]);
          case PING -> acknowledge(PING, flags, payload);
          case GOAWAY -> {
            debug.append(new String(payload, StandardCharsets.ISO_8859_1));
            return new Answer(seen, debug.toString(), "goaway");
          }
          case RST_STREAM -> {
            return new Answer(seen, debug.toString(), "reset");
          }
          default -> {}
        }
        boolean ends = (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
        if (ends && stream != 0) {
          return new Answer(seen, debug.toString(), "end");
        }
      }
      return new Answer(seen, debug.toString(), "dropped");
    } catch (EOFException | java.net.SocketException closed) {
      return new Answer(seen, debug.toString(), "closed");
    } catch (Http2Exception e) {
      throw new IOException("the server's headers cannot be read", e);
    }
  }

  private void acknowledge(int type, int flags, byte[] payload) throws IOException {
    if ((flags & ACK) == 0) {
      frame(type, ACK, 0, payload);
      flush();
    }
  }

  private Http2Headers decode(int stream, byte[] payload) throws Http2Exception {
    ByteBuf bytes = Unpooled.wrappedBuffer(payload);
    return headers.decodeHeaders(stream, bytes);
  }

  private void flush() throws IOException {
    socket.getOutputStream().write(out.toByteArray());
    out.reset();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
