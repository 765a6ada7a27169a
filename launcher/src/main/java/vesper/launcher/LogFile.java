package vesper.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;
import vesper.runtime.Config;
import vesper.runtime.LogConfigurator;

/// The log of a system in its data directory, at most four files of 16 MiB.
///
/// @param alone whether nothing is logged to the terminal
record LogFile(Path file, boolean alone) {
  /// The HTTP engine lists its flags at INFO.
  static void quietEngines() {
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger("com.linecorp.armeria")
        .setLevel(Level.WARN);
  }

  void open(Config config) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Encoder<ILoggingEvent> encoder = LogConfigurator.encoder(config);
    encoder.setContext(context);
    encoder.start();

    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);

    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(3);
    rolling.start();

    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(FileSize.valueOf("16MB"));
    size.start();

    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(size);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    if (alone) {
      root.detachAndStopAllAppenders();
    }
    root.addAppender(appender);
  }
}
