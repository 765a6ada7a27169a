package vesper.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Sets up logging as Logback starts: readable lines from INFO on, to the standard output. A
/// `logback.xml` of the program goes before it.
@ConfiguratorRank(-5)
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final String APPENDER = "vesper";
  private static final Map<String, Level> QUIETER =
      Map.of(
          "org.flywaydb", Level.WARN,
          "com.zaxxer.hikari", Level.WARN,
          "io.grpc", Level.WARN,
          // The HTTP engine warns, with a stack, of whatever a client may send.
          "com.linecorp.armeria.internal.common.AbstractHttp2ConnectionHandler", Level.ERROR,
          "com.linecorp.armeria.server.HttpServerHandler", Level.ERROR,
          "com.linecorp.armeria.server.Http1RequestDecoder", Level.ERROR,
          // The tokenizers warn that there is no GPU, which they do not need.
          "ai.djl", Level.ERROR);

  /// Called by Logback.
  public LogConfigurator() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    install(context, new LogLineEncoder(), Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// Changes to other settings, unless the program brought its own configuration.
  static void apply(LogSettings settings) {
    boolean ours =
        LoggerFactory.getILoggerFactory() instanceof LoggerContext context
            && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER) != null;
    if (ours) {
      install(
          (LoggerContext) LoggerFactory.getILoggerFactory(),
          encoder(settings),
          Level.valueOf(settings.level().name()));
    }
  }

  /// Returns an encoder of the form that the settings name, for another place than the standard
  /// output.
  public static Encoder<ILoggingEvent> encoder(Config config) {
    return encoder(config.read("runtime.log", LogSettings.class));
  }

  private static Encoder<ILoggingEvent> encoder(LogSettings settings) {
    return switch (settings.format()) {
      case TEXT -> new LogLineEncoder();
      case JSON -> new LogJsonEncoder();
    };
  }

  private static void install(LoggerContext context, Encoder<ILoggingEvent> encoder, Level level) {
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setName(APPENDER);
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAppender(APPENDER);
    root.addAppender(appender);
    root.setLevel(level);
    QUIETER.forEach((name, least) -> context.getLogger(name).setLevel(least));
  }
}
