package dev.carryover.store.redis;

import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.InetSocketAddressResolver;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.redisson.connection.AddressResolverGroupFactory;

/** A name service for Redisson in which every name has one address, which may change. */
public final class ChangingNames implements AddressResolverGroupFactory {

  private static volatile InetAddress address = InetAddress.getLoopbackAddress();

  /** From now on this is every name's address. */
  static void change(InetAddress to) {
    address = to;
  }

  @Override
  public AddressResolverGroup<InetSocketAddress> create(
      Class<? extends DatagramChannel> datagrams,
      Class<? extends SocketChannel> sockets,
      DnsServerAddressStreamProvider servers) {
    return new AddressResolverGroup<>() {
      @Override
      protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new InetSocketAddressResolver(executor, new Names(executor));
      }
    };
  }

  private static final class Names extends InetNameResolver {

    private Names(EventExecutor executor) {
      super(executor);
    }

    @Override
    protected void doResolve(String name, Promise<InetAddress> promise) {
      promise.setSuccess(address);
    }

    @Override
    protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
      promise.setSuccess(List.of(address));
    }
  }
}
