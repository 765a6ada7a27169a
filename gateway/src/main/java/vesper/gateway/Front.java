package vesper.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.StatusRuntimeException;
import vesper.gateway.transcoding.Problem;

/// What every request meets first, of whatever kind it is: it gets an id, its client's address is
/// found, and one that carries no token is counted.
final class Front implements DecoratingHttpServiceFunction {
  private final Door door;
  private final Addresses addresses;

  Front(Door door, Addresses addresses) {
    this.door = door;
    this.addresses = addresses;
  }

  @Override
  public HttpResponse serve(HttpService next, ServiceRequestContext context, HttpRequest request)
      throws Exception {
    HeadTimer.headCame(context);
    RequestHeaders headers = request.headers();
    Arrival arrival =
        new Arrival(
            door.requestId(headers.get(Answers.REQUEST_ID)),
            addresses.client(context.remoteAddress(), headers));
    arrival.keepIn(context);
    if (!Door.isBearer(headers.get(HttpHeaderNames.AUTHORIZATION))) {
      try {
        door.countAnonymous(arrival);
      } catch (StatusRuntimeException e) {
        return GrpcEdge.isGrpc(request)
            ? GrpcEdge.refused(request, Problem.of(e))
            : Answers.problem(Problem.of(e), arrival.requestId());
      }
    }
    return next.serve(context, request);
  }
}
