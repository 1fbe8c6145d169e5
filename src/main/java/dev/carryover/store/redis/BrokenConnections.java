package dev.carryover.store.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.redisson.client.NettyHook;
import org.redisson.client.RedisRetryException;
import org.redisson.client.handler.CommandsQueue;
import org.redisson.client.protocol.QueueCommandHolder;

/**
 * Has Redisson send again what was under way on a connection when it broke. By itself it would wait
 * for those answers until their time-out, and all who are aboard a flight with it. Thread-safe.
 */
final class BrokenConnections implements NettyHook {

  private final List<NettyHook> others;

  /**
   * @param others what else is done to connections, before this
   */
  BrokenConnections(List<NettyHook> others) {
    this.others = others;
  }

  @Override
  public void afterBoostrapInitialization(Bootstrap bootstrap) {
    others.forEach(other -> other.afterBoostrapInitialization(bootstrap));
  }

  @Override
  public void afterChannelInitialization(Channel channel) {
    others.forEach(other -> other.afterChannelInitialization(channel));
    // Before Redisson's own, which forgets what was under way.
    channel.pipeline().addFirst(new OneConnection());
  }

  private static final class OneConnection extends ChannelInboundHandlerAdapter {

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      for (QueueCommandHolder holder : underWay(context.channel())) {
        if (!holder.getCommand().isBlockingCommand()) {
          holder.getCommand().tryFailure(new RedisRetryException("The connection broke"));
        }
      }
      super.channelInactive(context);
    }

    private static List<QueueCommandHolder> underWay(Channel channel) {
      @Nullable Queue<QueueCommandHolder> queue = channel.attr(CommandsQueue.COMMANDS_QUEUE).get();
      return queue == null ? List.of() : new ArrayList<>(queue);
    }
  }
}
