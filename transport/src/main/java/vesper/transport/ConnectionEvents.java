package vesper.transport;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs and counts what happens to one connection, and revives it when its reader has died.
final class ConnectionEvents implements ErrorListener, ConnectionListener {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionEvents.class);

  private final String name;
  private final LongAdder slowConsumers = new LongAdder();
  private volatile @Nullable Connection connection;

  ConnectionEvents(String name) {
    this.name = name;
  }

  long slowConsumers() {
    return slowConsumers.sum();
  }

  @Override
  @SuppressWarnings("deprecation") // the only method a listener must have
  public void connectionEvent(Connection source, Events type) {
    connection = source;
    LOG.atInfo().addKeyValue("connection", name).addKeyValue("event", type).log("NATS connection");
  }

  @Override
  public void errorOccurred(Connection source, String error) {
    LOG.atWarn()
        .addKeyValue("connection", name)
        .addKeyValue("error", error)
        .log("The NATS server reports an error");
  }

  @Override
  public void exceptionOccurred(Connection source, Exception exception) {
    LOG.atWarn().setCause(exception).addKeyValue("connection", name).log("NATS connection failed");
  }

  @Override
  public void slowConsumerDetected(Connection source, Consumer consumer) {
    slowConsumers.increment();
    LOG.atWarn()
        .addKeyValue("connection", name)
        .addKeyValue("pending", consumer.getPendingMessageCount())
        .log("Messages are dropped: a consumer fell behind its limit");
  }

  @Override
  public void messageDiscarded(Connection source, Message message) {
    LOG.atWarn()
        .addKeyValue("connection", name)
        .addKeyValue("subject", message.getSubject())
        .log("A message was discarded before it was sent");
  }

  /// A message that cannot be parsed ends the client library's reader without any other sign; a new
  /// connection reads on behind it.
  void onReaderDeath(Throwable cause) {
    Connection dead = connection;
    LOG.atError().setCause(cause).addKeyValue("connection", name).log("The NATS reader died");
    if (dead == null) {
      return;
    }
    try {
      dead.forceReconnect();
    } catch (IOException e) {
      LOG.atError().setCause(e).addKeyValue("connection", name).log("Could not reconnect");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
