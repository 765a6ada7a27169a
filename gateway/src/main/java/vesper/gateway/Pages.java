package vesper.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ServerCacheControl;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.HttpFile;
import com.linecorp.armeria.server.file.HttpFileBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import vesper.gateway.openapi.OpenApi;
import vesper.gateway.openapi.RouteList;
import vesper.gateway.transcoding.HttpRoute;
import vesper.gateway.transcoding.HttpRoutes;

/// What people and their tools read about the edge: the list of routes, the page that tries them,
/// and the document of OpenAPI. Everything comes from this server; the pages load nothing from
/// elsewhere and cannot be made to.
final class Pages {
  private static final String OWN = "vesper/gateway/pages/";
  private static final String SWAGGER = "META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final MediaType SCRIPT = MediaType.parse("text/javascript; charset=utf-8");
  private static final ServerCacheControl AN_HOUR =
      ServerCacheControl.builder().cachePublic().maxAgeSeconds(3600).build();
  private static final ServerCacheControl ASK_ALWAYS =
      ServerCacheControl.builder().noCache().build();

  private final List<HttpRoute> routes;
  private final Map<String, HttpService> pages = new HashMap<>();

  /// @throws IllegalStateException when a part of the pages is not on the class path
  /// @throws IllegalArgumentException when a route of a contract has the path of a page
  Pages(HttpRoutes routes) {
    this.routes = routes.all();
    HttpService list = once(this::list);
    HttpService text = once(this::text);
    HttpService index =
        (context, request) ->
            wantsHtml(request) ? list.serve(context, request) : text.serve(context, request);
    pages.put("/", index);
    pages.put("/v1", index);
    pages.put("/openapi.json", once(this::document));
    HttpService docs = file(OWN + "docs.html", MediaType.HTML_UTF_8, ASK_ALWAYS);
    pages.put("/docs", docs);
    pages.put("/docs/", docs);
    pages.put("/docs/docs.js", file(OWN + "docs.js", SCRIPT, ASK_ALWAYS));
    pages.put("/docs/vesper.css", file(OWN + "vesper.css", MediaType.CSS_UTF_8, ASK_ALWAYS));
    pages.put("/docs/icon.svg", file(OWN + "icon.svg", MediaType.SVG_UTF_8, AN_HOUR));
    pages.put(
        "/docs/swagger-ui.css", file(SWAGGER + "swagger-ui.css", MediaType.CSS_UTF_8, AN_HOUR));
    pages.put(
        "/docs/swagger-ui-bundle.js", file(SWAGGER + "swagger-ui-bundle.js", SCRIPT, AN_HOUR));
    for (String path : pages.keySet()) {
      if (routes.find("GET", path) instanceof HttpRoutes.Match.Found found) {
        throw new IllegalArgumentException(found.route() + " has the path of a page of the edge");
      }
    }
  }

  /// Answers a request when its path is that of a page, else returns null.
  @Nullable HttpResponse serve(
      ServiceRequestContext context, HttpRequest request, String path, String requestId)
      throws Exception {
    HttpService page = pages.get(path);
    if (page == null) {
      return null;
    }
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      return Answers.otherMethods(new TreeSet<>(List.of("GET", "HEAD")), requestId);
    }
    return page.serve(context, request);
  }

  private static boolean wantsHtml(HttpRequest request) {
    return request.headers().accept().stream()
        .anyMatch(type -> type.type().equals("text") && type.subtype().equals("html"));
  }

  private HttpFile list() {
    String page =
        new String(read(OWN + "index.html"), StandardCharsets.UTF_8)
            .replace("<!-- routes -->", new RouteList(routes).html());
    return made(page.getBytes(StandardCharsets.UTF_8), MediaType.HTML_UTF_8);
  }

  private HttpFile text() {
    return made(
        new RouteList(routes).text().getBytes(StandardCharsets.UTF_8), MediaType.PLAIN_TEXT_UTF_8);
  }

  private HttpFile document() {
    return made(OpenApi.of(routes), MediaType.JSON);
  }

  private static HttpFile made(byte[] content, MediaType type) {
    return with(HttpFile.builder(HttpData.wrap(content)), type, ASK_ALWAYS);
  }

  private static HttpService file(String resource, MediaType type, ServerCacheControl caching) {
    ClassLoader loader = Pages.class.getClassLoader();
    if (loader.getResource(resource) == null) {
      throw new IllegalStateException("not on the class path: " + resource);
    }
    return with(HttpFile.builder(loader, resource), type, caching).asService();
  }

  private static HttpFile with(HttpFileBuilder file, MediaType type, ServerCacheControl caching) {
    return file.contentType(type)
        .cacheControl(caching)
        .setHeader(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
        .setHeader(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
        .setHeader(HttpHeaderNames.REFERRER_POLICY, "no-referrer")
        .setHeader(HttpHeaderNames.VARY, "accept")
        .build();
  }

  // Made by the first request, because most starts of a system are followed by none.
  private static HttpService once(Supplier<HttpFile> maker) {
    return new HttpService() {
      private @Nullable HttpService made;

      @Override
      public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        return HttpResponse.of(
            CompletableFuture.supplyAsync(
                () -> serveMade(context, request), context.blockingTaskExecutor()));
      }

      private HttpResponse serveMade(ServiceRequestContext context, HttpRequest request) {
        try {
          return made().serve(context, request);
        } catch (Exception e) {
          return HttpResponse.ofFailure(e);
        }
      }

      private synchronized HttpService made() {
        HttpService ready = made;
        if (ready == null) {
          ready = maker.get().asService();
          made = ready;
        }
        return ready;
      }
    };
  }

  private static byte[] read(String resource) {
    try (InputStream in = Pages.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
