package vesper.runtime;

/// A loop beside the rpcs. It runs on a virtual thread of its own from the first moment the process
/// is ready until it stops, is started again with back-off when it throws, and ends for good when
/// `run` returns.
public interface Worker {
  /// Names the loop in logs and metrics.
  String name();

  /// Works until stopping is requested.
  void run(Stopping stop) throws Exception;
}
