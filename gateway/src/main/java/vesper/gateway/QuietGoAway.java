package vesper.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;

/// Takes the words out of HTTP/2's GOAWAY. The engine puts the text of its own exception there,
/// with names of classes; the error code says as much to a client.
///
/// The engine writes head and fixed part of the frame as one buffer, and the words as the next. No
/// other buffer looks like that first one: it is 17 bytes long, begins with a length and four NULs
/// about a type, and bodies are text or begin with a length of their own.
final class QuietGoAway extends ChannelOutboundHandlerAdapter {
  private static final int FIXED = 2 * Integer.BYTES;
  private static final int TYPE_AT = 3;
  private static final int FLAGS_AT = 4;
  private static final int STREAM_AT = 5;

  private boolean wordsFollow;

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (wordsFollow) {
      wordsFollow = false;
      ReferenceCountUtil.release(message);
      promise.setSuccess();
      return;
    }
    if (message instanceof ByteBuf frame && isGoAway(frame)) {
      wordsFollow = frame.getUnsignedMedium(frame.readerIndex()) > FIXED;
      frame.setMedium(frame.readerIndex(), FIXED);
    }
    var _ = context.write(message, promise);
  }

  private static boolean isGoAway(ByteBuf frame) {
    int at = frame.readerIndex();
    return frame.readableBytes() == Http2CodecUtil.FRAME_HEADER_LENGTH + FIXED
        && frame.getUnsignedMedium(at) >= FIXED
        && frame.getByte(at + TYPE_AT) == Http2FrameTypes.GO_AWAY
        && frame.getByte(at + FLAGS_AT) == 0
        && frame.getInt(at + STREAM_AT) == 0;
  }
}
