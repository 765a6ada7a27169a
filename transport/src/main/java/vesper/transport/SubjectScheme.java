package vesper.transport;

/// Maps grpc methods to NATS subjects. Implementations are pure; callers cache what they return.
@FunctionalInterface
public interface SubjectScheme {

  /// The addresses of one method.
  ///
  /// @param domain the part of the system that serves it
  /// @param subject where requests are published
  /// @param queueGroup the group whose members share the requests
  /// @param control where every instance of the domain listens for cancellations; instances add
  ///   tokens of their own behind it
  record Route(String domain, String subject, String queueGroup, String control) {}

  /// Returns the addresses of a method.
  ///
  /// @param fullMethodName `package.Service/Method` as grpc writes it
  /// @throws IllegalArgumentException when the scheme has no place for the method
  Route route(String fullMethodName);

  /// Returns the scheme for `<…>.<domain>.v<n>.<Service>/<Method>`: subject
  /// `svc.<domain>.v<n>.<Method>`, queue group `q.<domain>`. Method names are unique per domain.
  static SubjectScheme standard() {
    return StandardScheme.INSTANCE;
  }
}
