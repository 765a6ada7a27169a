package vesper.gateway.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vesper.gateway.transcoding.HttpRoute;
import vesper.options.v1.OptionsProto;

/// All routes, one line each, for people who have just arrived.
public final class RouteList {
  private record Line(String service, HttpRoute route, String summary, String callers) {}

  private final Comments comments = Comments.load();
  private final List<Line> lines = new ArrayList<>();

  /// A list of routes in their order.
  public RouteList(List<HttpRoute> routes) {
    for (HttpRoute route : routes) {
      var contract = route.rpc().contract();
      lines.add(
          new Line(
              route.rpc().service(),
              route,
              Comments.firstSentence(comments.of(contract.getFullName())),
              Callers.describe(contract.getOptions().getExtension(OptionsProto.access))));
    }
  }

  /// The list as text.
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("GET /docs          try the calls in a browser\n");
    text.append("GET /openapi.json  the same for programs, in OpenAPI 3.1\n");
    int width = lines.stream().mapToInt(line -> line.route().openPath().length()).max().orElse(0);
    String service = "";
    for (Line line : lines) {
      if (!line.service().equals(service)) {
        service = line.service();
        text.append('\n').append(service).append('\n');
      }
      text.append(
          "  %-6s %s  %s%s\n"
              .formatted(
                  line.route().method(),
                  padded(line.route().openPath(), width),
                  line.summary(),
                  line.route().rpc().streams() ? " (stream)" : ""));
    }
    return text.toString();
  }

  /// The list as the body of a page of HTML.
  public String html() {
    StringBuilder html = new StringBuilder();
    String service = "";
    for (Line line : lines) {
      if (!line.service().equals(service)) {
        if (!service.isEmpty()) {
          html.append("</ul></section>\n");
        }
        service = line.service();
        html.append("<section><h2>").append(escaped(service)).append("</h2>\n<p>");
        html.append(escaped(comments.of(service))).append("</p>\n<ul class=\"routes\">\n");
      }
      html.append(
          """
          <li><code class="method %s">%s</code> <code class="path">%s</code>%s<p>%s</p><p class="who">%s</p></li>
          """
              .formatted(
                  escaped(line.route().method().toLowerCase(Locale.ROOT)),
                  escaped(line.route().method()),
                  // A path may break after each slash.
                  escaped(line.route().openPath()).replace("/", "/<wbr>"),
                  line.route().rpc().streams() ? " <span class=\"stream\">stream</span>" : "",
                  escaped(line.summary()),
                  escaped(line.callers())));
    }
    return service.isEmpty() ? "" : html.append("</ul></section>\n").toString();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
