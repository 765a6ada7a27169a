package vesper.gateway.transcoding;

import com.google.protobuf.Message;
import java.util.List;
import vesper.auth.v1.AuthGrpc;
import vesper.gateway.transcoding.HttpRoutes.Match;
import vesper.gateway.trial.v1.TrialGrpc;
import vesper.npc.v1.NpcsGrpc;
import vesper.time.v1.TimeGrpc;

/// The routes of all contracts, the trial's too.
final class Routes {
  static final List<Rpc> RPCS =
      Rpc.offered(
          List.of(
              AuthGrpc.getServiceDescriptor(),
              TimeGrpc.getServiceDescriptor(),
              NpcsGrpc.getServiceDescriptor(),
              TrialGrpc.getServiceDescriptor()));

  static final HttpRoutes ALL = HttpRoutes.of(RPCS);

  /// Makes the request message of a call.
  ///
  /// @param target path and query
  static Message read(String method, String target, String body) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    if (ALL.find(method, path) instanceof Match.Found found) {
      return found.read(query, body, HeaderFields.NONE);
    }
    throw new AssertionError("no route for " + method + " " + path);
  }

  private Routes() {}
}
