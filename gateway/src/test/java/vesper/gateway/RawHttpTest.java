package vesper.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What no client library sends.
class RawHttpTest {
  private static TestEdge edge;

  @BeforeAll
  static void start() {
    edge = new TestEdge(TestEdge.CONFIG);
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "GET /v1/../v1/echo HTTP/1.1                                     | 400",
        "GET /v1/%2e%2e/echo HTTP/1.1                                    | 400",
        "GET /v1/echo?text=%zz HTTP/1.1                                  | 400",
        "GET /v1/worlds/%/time HTTP/1.1                                  | 400",
        "GET v1/echo HTTP/1.1                                            | 400",
        "FETCH /v1/echo HTTP/1.1                                         | 405",
        "CONNECT localhost:1 HTTP/1.1                                    | 400",
        "GET /v1/echo HTTP/1.1\\nX y: z                                  | 400",
        "POST /v1/echo HTTP/1.1\\nContent-Length: many                   | 400",
        "POST /v1/echo HTTP/1.1\\nContent-Length: -1                     | 400",
        "POST /v1/echo HTTP/1.1\\nExpect: miracles                       | 417",
        "POST /v1/echo HTTP/1.1\\nTransfer-Encoding: chunked\\n\\nnonsense | 400",
        "GET /v1/echo HTTP/1.1\\nUpgrade: websocket\\nConnection: Upgrade  | 400",
        "POST /v1/echo HTTP/1.1\\nUpgrade: \"; --                       | 400",
        "GET /v1/echo HTTP/1.1\\nAccept: ;;,/                            | 200",
        "OPTIONS * HTTP/1.1                                              | 200",
      })
  void oddRequest_getsAProblem(String request, int status) throws IOException {
    String answer = exchange(request.replace("\\n", "\r\n"));

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    if (status != 200) {
      assertThat(answer.toLowerCase(java.util.Locale.ROOT))
          .contains("content-type: application/problem+json")
          .doesNotContain("armeria", "netty", "exception");
      assertThat(answer).contains("\"status\":" + status).contains("\"instance\":\"");
    }
  }

  /// The name of a header field is no text.
  @Test
  void oddHttp2_isEndedWithoutWords() throws IOException {
    byte[] head = {0, 3, (byte) 0xff, (byte) 0xfe, (byte) 0xf6, 1, 'x'};
    try (Socket socket = connect()) {
      socket.setSoTimeout(60_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      out.write(new byte[] {0, 0, (byte) head.length, 1, 5, 0, 0, 0, 1});
      out.write(head);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int type;
      byte[] payload;
      do {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        type = in.readUnsignedByte();
        in.skipNBytes(5);
        payload = in.readNBytes(length);
      } while (type != 7);
      assertThat(payload).as("last stream and error code").hasSize(8);
      assertThat(payload[7]).isNotZero();
    }
  }

  @Tag("GW-T5")
  @Test
  void noise_leavesItServing() throws IOException {
    Random random = new Random(11);
    for (int i = 0; i < 100; i++) {
      byte[] noise = new byte[random.nextInt(1, 2000)];
      random.nextBytes(noise);
      try (Socket socket = connect()) {
        socket.getOutputStream().write(noise);
        socket.getOutputStream().write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        String answer = read(socket);
        if (answer.startsWith("HTTP/1.1")) {
          assertThat(answer).contains("application/problem+json");
        }
      }
    }
    assertThat(edge.get("/v1/echo").statusCode()).isEqualTo(200);
  }

  @Test
  void bodyThatStops_is408() throws IOException {
    GatewayConfig impatient = TestEdge.config(Map.of("body-timeout", "100ms"));
    try (TestEdge quick = new TestEdge(impatient);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), quick.uri().getPort())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write(
              "POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
                  .getBytes(StandardCharsets.US_ASCII));

      byte[] start = socket.getInputStream().readNBytes(12);

      assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void headThatTricklesIn_isCutOff() throws IOException {
    try (TestEdge quick = new TestEdge(TestEdge.config(Map.of("body-timeout", "300ms")));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), quick.uri().getPort())) {
      socket.setSoTimeout(50);
      socket
          .getOutputStream()
          .write("GET /v1/echo HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            try {
              socket.getOutputStream().write('x');
              return socket.getInputStream().read() < 0;
            } catch (java.net.SocketTimeoutException e) {
              return false;
            } catch (IOException e) {
              return true;
            }
          });
    }
  }

  private static String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      int line = request.indexOf("\r\n");
      String head = line < 0 ? request + "\r\n" : request.substring(0, line + 2);
      String rest = line < 0 ? "\r\n" : request.substring(line + 2) + "\r\n\r\n";
      String host = "Host: localhost\r\nConnection: close\r\n";
      socket.getOutputStream().write((head + host + rest).getBytes(StandardCharsets.ISO_8859_1));
      return read(socket);
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), edge.uri().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String read(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.net.SocketException e) {
      return "reset";
    }
  }
}
