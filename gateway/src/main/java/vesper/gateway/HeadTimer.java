package vesper.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Closes connections of HTTP/1 on which the head of a request does not arrive in time. The engine
/// takes each byte for a sign of life. Connections of HTTP/2 are left alone: their bytes may be
/// signs of life and nothing else.
final class HeadTimer extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<HeadTimer> KEY = AttributeKey.valueOf(HeadTimer.class, "TIMER");

  private final Duration limit;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean off;
  private volatile boolean waiting;
  private int armed;

  private HeadTimer(Duration limit) {
    this.limit = limit;
  }

  /// Watches a connection.
  static void watch(Channel connection, Duration limit) {
    HeadTimer timer = new HeadTimer(limit);
    connection.attr(KEY).set(timer);
    connection.pipeline().addFirst(timer);
  }

  /// Tells that the head of a request has come.
  static void headCame(ServiceRequestContext context) {
    Channel connection = context.log().partial().channel();
    HeadTimer timer = connection == null ? null : connection.attr(KEY).get();
    if (timer == null || timer.off) {
      return;
    }
    if (context.sessionProtocol().isMultiplex()) {
      timer.off = true;
      return;
    }
    timer.waiting = false;
    timer.running.incrementAndGet();
    var _ = context.log().whenComplete().thenRun(timer.running::decrementAndGet);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    // What comes while a request runs is its body, which has a time of its own.
    if (!off && !waiting && running.get() == 0) {
      if (startsHttp2(message)) {
        off = true;
      } else {
        waiting = true;
        int head = ++armed;
        var _ =
            context
                .executor()
                .schedule(() -> look(context, head), limit.toNanos(), TimeUnit.NANOSECONDS);
      }
    }
    context.fireChannelRead(message);
  }

  private static boolean startsHttp2(Object message) {
    ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    return message instanceof ByteBuf bytes
        && bytes.readableBytes() >= preface.readableBytes()
        && ByteBufUtil.equals(
            bytes, bytes.readerIndex(), preface, preface.readerIndex(), preface.readableBytes());
  }

  private void look(ChannelHandlerContext context, int head) {
    if (waiting && !off && head == armed && running.get() == 0) {
      waiting = false;
      var _ = context.close();
    }
  }
}
