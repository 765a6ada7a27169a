package vesper.testing.vllm;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One connection of HTTP/1.1 with keep-alive. One thread reads requests and another may write the
/// answer at the same time: so the reader notices at once when the client leaves.
final class HttpConnection {
  private static final int LARGEST_HEAD = 16 * 1024;
  private static final int LARGEST_BODY = 1024 * 1024;
  private static final SocketOption<Boolean> NO_DELAY = StandardSocketOptions.TCP_NODELAY;
  private static final SocketOption<Integer> LINGER = StandardSocketOptions.SO_LINGER;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setOption(NO_DELAY, true);
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream());
  }

  /// Reads the next request; null when the client has left instead.
  @Nullable HttpRequest read() throws IOException, Refused {
    Budget head = new Budget(LARGEST_HEAD);
    String first = line(head);
    if (first.isEmpty()) {
      return null;
    }
    String[] parts = first.split(" ", 3);
    if (parts.length != 3) {
      throw Refused.badRequest("", "this is not HTTP/1.1");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(head); !line.isEmpty(); line = line(head)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw Refused.badRequest("", "a header has no name");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return new HttpRequest(
        parts[0],
        parts[1].split("\\?", 2)[0],
        Map.copyOf(headers),
        new String(body(headers), StandardCharsets.UTF_8));
  }

  /// Waits until the client sends something more, and returns false when it leaves instead.
  boolean awaitMore() {
    try {
      in.mark(1);
      if (in.read() < 0) {
        return false;
      }
      in.reset();
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  void reply(int status, Map<String, String> headers, String contentType, byte[] body)
      throws IOException {
    head(status, headers, contentType, "content-length: " + body.length);
    out.write(body);
    out.flush();
  }

  /// Begins an answer that is written in pieces.
  void begin(Map<String, String> headers, String contentType) throws IOException {
    head(200, headers, contentType, "transfer-encoding: chunked");
    out.flush();
  }

  /// Writes a piece, which must not be empty.
  void piece(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.write('\r');
    out.write('\n');
    out.flush();
  }

  /// Ends an answer in pieces.
  void end() throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /// Reads and forgets what the client still sends, within bounds, so that it gets to read its
  /// answer.
  void drain() throws IOException {
    socket.shutdownOutput();
    long left = 8L * LARGEST_BODY;
    byte[] buffer = new byte[8_192];
    for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
      left -= read;
    }
  }

  /// Closes the connection, however far an answer is.
  void close() {
    try {
      socket.close();
    } catch (IOException closed) {
      // There is nobody left to tell.
    }
  }

  /// Resets the connection, as a crash or a broken network would.
  void cut() {
    try {
      socket.setOption(LINGER, 0);
    } catch (IOException closed) {
      // It is cut already.
    }
    close();
  }

  private void head(int status, Map<String, String> headers, String contentType, String length)
      throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Answer\r\n");
    head.append("content-type: ").append(contentType).append("\r\n").append(length).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] body(Map<String, String> headers) throws IOException, Refused {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return chunks();
    }
    String length = headers.getOrDefault("content-length", "0");
    return exactly(size(length, 10));
  }

  private byte[] chunks() throws IOException, Refused {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Budget heads = new Budget(LARGEST_BODY);
    while (true) {
      int size = size(line(heads).split(";", 2)[0].strip(), 16);
      if (size == 0) {
        skipTrailers(heads);
        return body.toByteArray();
      }
      if (body.size() + size > LARGEST_BODY) {
        throw Refused.tooLarge();
      }
      body.write(exactly(size));
      line(heads);
    }
  }

  private void skipTrailers(Budget budget) throws IOException, Refused {
    String line;
    do {
      line = line(budget);
    } while (!line.isEmpty());
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("The client left within its request");
    }
    return bytes;
  }

  private static int size(String text, int radix) throws Refused {
    try {
      int size = Integer.parseInt(text, radix);
      if (size < 0 || size > LARGEST_BODY) {
        throw Refused.tooLarge();
      }
      return size;
    } catch (NumberFormatException invalid) {
      throw Refused.badRequest("", "the length of the body is not a number");
    }
  }

  /// Reads a line without its end; empty also at the end of the stream.
  private String line(Budget budget) throws IOException, Refused {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (--budget.left < 0) {
        throw Refused.tooLarge();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /// Bytes that may still be read.
  private static final class Budget {
    private int left;

    private Budget(int left) {
      this.left = left;
    }
  }
}
