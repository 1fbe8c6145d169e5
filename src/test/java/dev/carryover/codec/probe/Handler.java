package dev.carryover.codec.probe;

import java.net.InetAddress;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Of URLs like {@code probe://host/}, found by its name, see {@link URL}. Looks no host up, and
 * counts how often it was asked to.
 */
public final class Handler extends URLStreamHandler {

  public static final AtomicInteger LOOKUPS = new AtomicInteger();

  @Override
  protected URLConnection openConnection(URL url) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected InetAddress getHostAddress(URL url) {
    LOOKUPS.incrementAndGet();
    return null;
  }
}
