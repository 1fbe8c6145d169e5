package dev.carryover.store.redis;

import dev.carryover.metrics.Counter;
import dev.carryover.metrics.SessionMetrics;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.redisson.client.NettyHook;

/** Counts the bytes on all connections to Redis, as they are on the wire. Thread-safe. */
@Sharable
final class TrafficMeter extends ChannelDuplexHandler implements NettyHook {

  private final SessionMetrics metrics;

  TrafficMeter(SessionMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void afterBoostrapInitialization(Bootstrap bootstrap) {}

  @Override
  public void afterChannelInitialization(Channel channel) {
    channel.pipeline().addFirst(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    count(Counter.REDIS_BYTES_RECEIVED, message);
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    count(Counter.REDIS_BYTES_SENT, message);
    var unused = context.write(message, promise);
  }

  private void count(Counter counter, Object message) {
    if (message instanceof ByteBuf) {
      metrics.count(counter, ((ByteBuf) message).readableBytes());
    }
  }
}
