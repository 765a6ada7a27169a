package vesper.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/// The gateway's HTTP engine with nothing behind it: reads JSON and writes it back. What the
/// gateway adds is measured against it.
final class PlainEcho implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server;

  PlainEcho() {
    server =
        Server.builder()
            .port(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), SessionProtocol.HTTP)
            .serviceUnder(
                "/",
                (context, request) ->
                    HttpResponse.of(request.aggregate().thenApply(PlainEcho::answer)))
            .build();
    server.start().join();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.activeLocalPort());
  }

  private static HttpResponse answer(AggregatedHttpRequest request) {
    try {
      JsonNode message = JSON.readTree(request.content().array());
      return HttpResponse.of(
          HttpStatus.OK, MediaType.JSON, HttpData.wrap(JSON.writeValueAsBytes(message)));
    } catch (JsonProcessingException e) {
      return HttpResponse.of(HttpStatus.BAD_REQUEST);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
