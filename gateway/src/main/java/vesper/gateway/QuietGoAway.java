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
/// The engine writes head and fixed part of the frame as one buffer of 17 bytes, and the words as
/// the next. A piece of a body that looks the same (a type 7 before five NULs) would need a client
/// that takes 17 bytes at a time of a binary answer; it would spoil that connection and no other.
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
      var _ = promise.trySuccess();
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
