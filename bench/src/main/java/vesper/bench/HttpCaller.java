package vesper.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// One keep-alive HTTP/1.1 connection that posts the same JSON again and again; as little work as a
/// client can do, so that the server is what is measured.
final class HttpCaller implements AutoCloseable {
  private static final long IDLE = Duration.ofSeconds(5).toNanos();

  private final URI server;
  private final byte[] request;
  private Socket socket;
  private InputStream in;
  private long lastUsed;

  HttpCaller(URI server, String path, String token, String json) throws IOException {
    this.server = server;
    this.socket = connect(server);
    this.in = new BufferedInputStream(socket.getInputStream(), 8192);
    this.lastUsed = System.nanoTime();
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    request =
        "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, server.getAuthority(), token, body.length, json)
            .getBytes(StandardCharsets.UTF_8);
  }

  void post() throws IOException {
    // The server closes connections that rest while other variants are measured.
    if (System.nanoTime() - lastUsed > IDLE) {
      socket.close();
      socket = connect(server);
      in = new BufferedInputStream(socket.getInputStream(), 8192);
    }
    socket.getOutputStream().write(request);
    String status = line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered " + status);
    }
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).strip());
      }
    }
    if (length == 0 || in.readNBytes(length).length != length) {
      throw new IOException("an answer without its body");
    }
    lastUsed = System.nanoTime();
  }

  private static Socket connect(URI server) throws IOException {
    Socket made = new Socket(server.getHost(), server.getPort());
    made.setTcpNoDelay(true);
    return made;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection was closed");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
