package vesper.runtime;

import io.grpc.Channel;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import vesper.transport.Routing;

/// Runs services in this process: starts them in order, keeps their health, and stops them without
/// losing a call.
@SuppressWarnings("DoNotCallSuggester")
public final class Host implements AutoCloseable {
  private Host() {}

  /// Returns a builder.
  public static Builder builder() {
    return new Builder();
  }

  /// Starts everything and returns when the rpcs are registered; [#ready] tells when all
  /// dependencies answered.
  ///
  /// @throws ConfigException when the settings are wrong; nothing was started then
  public void start() {
    throw new UnsupportedOperationException();
  }

  /// Waits until the host is ready, and returns whether it is.
  public boolean awaitReady(Duration limit) throws InterruptedException {
    throw new UnsupportedOperationException("" + limit);
  }

  /// Whether it takes calls.
  public boolean ready() {
    throw new UnsupportedOperationException();
  }

  /// Where health, metrics and traces are served.
  public URI management() {
    throw new UnsupportedOperationException();
  }

  /// The channel for callers that are no service, such as the gateway and tests: it adds deadline,
  /// trace and request id, and no token but the one in the call's own metadata `authorization`.
  public Channel channel() {
    throw new UnsupportedOperationException();
  }

  /// Verifies tokens.
  public TokenVerifier tokens() {
    throw new UnsupportedOperationException();
  }

  /// Makes spans.
  public Tracing tracing() {
    throw new UnsupportedOperationException();
  }

  /// Takes metrics.
  public MeterRegistry meters() {
    throw new UnsupportedOperationException();
  }

  /// Leaves the queue groups and waits for running calls, at most the limit. The host is not ready
  /// from this moment on.
  public void drain(Duration limit) {
    throw new UnsupportedOperationException(limit.toString());
  }

  /// Drains as the settings say and closes everything, in the reverse order of the start.
  @Override
  public void close() {}

  /// What a host runs and where.
  public static final class Builder {
    private Builder() {}

    /// Sets the settings.
    public Builder config(Config config) {
      throw new UnsupportedOperationException("" + config.hashCode());
    }

    /// Adds settings that are no service's, to be checked with the others.
    public Builder settings(String domain, Class<? extends Record> type) {
      throw new UnsupportedOperationException(domain + type);
    }

    /// Sets the NATS servers.
    public Builder nats(URI... servers) {
      throw new UnsupportedOperationException("" + servers.length);
    }

    /// Sets the database.
    public Builder database(String jdbcUrl, String user, String password) {
      throw new UnsupportedOperationException(jdbcUrl + user + password);
    }

    /// Sets the keys of the installation.
    public Builder keys(InstallationKeys keys) {
      throw new UnsupportedOperationException("" + keys.hashCode());
    }

    /// Sets the clock; the system's unless told.
    public Builder clock(InstantSource clock) {
      throw new UnsupportedOperationException(clock.toString());
    }

    /// Sets the ids; random ones unless told.
    public Builder ids(Ids ids) {
      throw new UnsupportedOperationException(ids.toString());
    }

    /// Sets where calls between services go; AUTO unless told.
    public Builder routing(Routing routing) {
      throw new UnsupportedOperationException(routing.toString());
    }

    /// Sets the services to run.
    public Builder modules(List<? extends ServiceModule> modules) {
      throw new UnsupportedOperationException(modules.toString());
    }

    /// Sets the port of health, metrics and traces on the loopback address; 0, the default, takes a
    /// free one.
    public Builder managementPort(int port) {
      throw new UnsupportedOperationException("" + port);
    }

    /// Returns the host, not yet started.
    public Host build() {
      throw new UnsupportedOperationException();
    }
  }
}
