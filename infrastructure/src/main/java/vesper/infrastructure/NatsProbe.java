package vesper.infrastructure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Asks a nats-server whether it lets a user in.
final class NatsProbe {
  private static final int CONNECT_MILLIS = 500;
  private static final int READ_MILLIS = 2000;

  private NatsProbe() {}

  /// On loopback.
  static boolean answers(int port, String user, String password) {
    return answers(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), user, password);
  }

  static boolean answers(InetSocketAddress address, String user, String password) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(READ_MILLIS);
      socket.connect(address, CONNECT_MILLIS);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      if (!startsWith(reader.readLine(), "INFO ")) {
        return false;
      }
      socket.getOutputStream().write(hello(user, password).getBytes(StandardCharsets.UTF_8));
      return startsWith(reader.readLine(), "PONG");
    } catch (IOException e) {
      return false;
    }
  }

  private static String hello(String user, String password) {
    return "CONNECT {\"verbose\":false,\"user\":\"%s\",\"pass\":\"%s\"}\r\nPING\r\n"
        .formatted(user, password);
  }

  private static boolean startsWith(@Nullable String line, String beginning) {
    return line != null && line.startsWith(beginning);
  }
}
