package vesper.bench.fuzz;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection that sends whatever bytes it is given, kept open between requests as
/// long as the server does.
final class HttpWire implements AutoCloseable {
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int LARGEST_BODY = 8 * 1024 * 1024;

  private final URI server;
  private final Duration patience;
  private @Nullable Socket socket;
  private InputStream in = InputStream.nullInputStream();

  HttpWire(URI server, Duration patience) {
    this.server = server;
    this.patience = patience;
  }

  /// An answer.
  ///
  /// @param whole whether the body was read to its end
  record Answer(int status, List<String> headers, ByteString body, boolean whole) {
    Optional<String> header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .findFirst()
          .map(line -> line.substring(start.length()).strip());
    }

    String text() {
      return body.toStringUtf8();
    }
  }

  /// Sends a request and reads its answer.
  ///
  /// @param mostBytes of the body; then the connection is dropped
  /// @throws EOFException when the server closed the connection instead
  Answer send(byte[] request, boolean hasBody, int mostBytes) throws IOException {
    boolean reused = socket != null;
    try {
      return attempt(request, hasBody, mostBytes);
    } catch (IOException e) {
      close();
      if (reused && !(e instanceof java.net.SocketTimeoutException)) {
        // The server may close an idle connection at the moment it is used again.
        return attempt(request, hasBody, mostBytes);
      }
      throw e;
    }
  }

  private Answer attempt(byte[] request, boolean hasBody, int mostBytes) throws IOException {
    Socket open = open();
    try {
      open.getOutputStream().write(request);
    } catch (IOException refusedWhileSending) {
      // The answer to a body that is too large may come before all of it was sent.
      if (in.available() == 0) {
        close();
        throw refusedWhileSending;
      }
    }
    try {
      Answer answer = read(hasBody, mostBytes);
      if (!answer.whole()
          || answer.header("connection").filter(value -> value.equals("close")).isPresent()) {
        close();
      }
      return answer;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Socket open() throws IOException {
    Socket open = socket;
    if (open == null) {
      open = new Socket(server.getHost(), server.getPort());
      open.setSoTimeout((int) patience.toMillis());
      open.setTcpNoDelay(true);
      in = new BufferedInputStream(open.getInputStream());
      socket = open;
    }
    return open;
  }

  private Answer read(boolean hasBody, int mostBytes) throws IOException {
    String status = line();
    while (status.startsWith("HTTP/1.1 1")) {
      headers();
      status = line();
    }
    if (!status.startsWith("HTTP/1.1 ") || status.length() < 12) {
      throw new IOException("not an answer of HTTP: " + status);
    }
    List<String> headers = headers();
    int code = Integer.parseInt(status.substring(9, 12));
    Answer head = new Answer(code, headers, ByteString.EMPTY, true);
    if (!hasBody || code == 204 || code == 304) {
      return head;
    }
    if (head.header("transfer-encoding").filter(value -> value.equals("chunked")).isPresent()) {
      return chunked(head, mostBytes);
    }
    Optional<String> length = head.header("content-length");
    if (length.isPresent()) {
      int bytes = Math.min(Integer.parseInt(length.get()), LARGEST_BODY);
      byte[] body = in.readNBytes(bytes);
      if (body.length < bytes) {
        throw new EOFException("the answer was cut off");
      }
      return new Answer(code, headers, ByteString.copyFrom(body), true);
    }
    return new Answer(code, headers, ByteString.copyFrom(in.readNBytes(mostBytes)), false);
  }

  private Answer chunked(Answer head, int mostBytes) throws IOException {
    ByteString.Output body = ByteString.newOutput();
    while (body.size() < mostBytes) {
      int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
      body.write(in.readNBytes(size));
      String end = line();
      if (size == 0) {
        return new Answer(head.status(), head.headers(), body.toByteString(), true);
      }
      if (!end.isEmpty()) {
        throw new IOException("a chunk that does not end");
      }
    }
    return new Answer(head.status(), head.headers(), body.toByteString(), false);
  }

  private List<String> headers() throws IOException {
    List<String> headers = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      headers.add(line);
    }
    return headers;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (line.size() > LONGEST_LINE) {
        throw new IOException("an endless line");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() {
    Socket open = socket;
    socket = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException alreadyGone) {
        return;
      }
    }
  }
}
