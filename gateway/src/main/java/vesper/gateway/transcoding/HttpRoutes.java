package vesper.gateway.transcoding;

import com.google.api.HttpRule;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import vesper.gateway.transcoding.PathTable.Lookup;

/// All routes of the edge.
public final class HttpRoutes {
  /// What a request line stands for.
  public sealed interface Match {
    /// A route, with what the path says.
    ///
    /// @param segments segments of the path, percent-encoded
    record Found(HttpRoute route, List<String> segments) implements Match {
      /// Makes the request message.
      ///
      /// @param query what follows the question mark, percent-encoded, or empty
      /// @param body the JSON body; empty for none, which sets no field
      /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with every field that is wrong
      public Message read(String query, String body, HeaderFields headers) {
        return route.read(segments, query, body, headers);
      }
    }

    /// The path is known with other methods only.
    record OtherMethods(SortedSet<String> methods) implements Match {}

    /// The path is unknown.
    record Unknown() implements Match {}
  }

  private final PathTable<HttpRoute> table = new PathTable<>();
  private final List<HttpRoute> routes = new ArrayList<>();

  private HttpRoutes() {}

  /// Prepares the routes of rpcs.
  ///
  /// @throws IllegalArgumentException when a rule is malformed, does not fit its rpc, or two routes
  ///   fit the same requests
  public static HttpRoutes of(List<Rpc> rpcs) {
    HttpRoutes routes = new HttpRoutes();
    Shape.Catalog shapes = new Shape.Catalog();
    for (Rpc rpc : rpcs) {
      routes.add(new HttpRoute(rpc, rpc.rule(), shapes));
      for (HttpRule rule : rpc.rule().getAdditionalBindingsList()) {
        routes.add(new HttpRoute(rpc, rule, shapes));
      }
    }
    return routes;
  }

  private void add(HttpRoute route) {
    table.add(route.method(), route.template(), route);
    routes.add(route);
  }

  /// All routes, in the order of the contracts.
  public List<HttpRoute> all() {
    return List.copyOf(routes);
  }

  /// Looks up a request line.
  ///
  /// @param path the path, percent-encoded and without the query
  public Match find(String method, String path) {
    return switch (table.find(method, path)) {
      case Lookup.Found<HttpRoute> found -> new Match.Found(found.target(), found.segments());
      case Lookup.OtherMethods<HttpRoute> other -> new Match.OtherMethods(other.methods());
      case Lookup.Unknown<HttpRoute> unknown -> new Match.Unknown();
    };
  }
}
