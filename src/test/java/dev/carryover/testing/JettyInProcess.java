package dev.carryover.testing;

import java.net.URI;

/** A {@link JettyNode} as one container among others. */
final class JettyInProcess implements WebContainer {

  private final String name;
  private final JettyNode node;

  JettyInProcess(String name, WebContainer.Builder from) {
    this.name = name;
    JettyNode.Builder builder =
        JettyNode.node()
            .war(from.war)
            .contextPath(from.contextPath.isEmpty() ? "/" : from.contextPath)
            .port(from.port);
    from.contextParams.forEach(builder::contextParam);
    from.otherWars.forEach((path, war) -> builder.alsoWar(war, path));
    builder.adjust(context -> context.setCrossContextDispatchSupported(!from.otherWars.isEmpty()));
    from.users.forEach(
        user -> builder.user(user.name(), user.password(), user.roles().toArray(String[]::new)));
    if (from.route != null) {
      builder.workerName(from.route);
    }
    this.node = builder.start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return node.port();
  }

  @Override
  public URI uri(String path) {
    return node.uri(path);
  }

  @Override
  public String log() {
    return "";
  }

  @Override
  public void kill() {
    throw new UnsupportedOperationException(name + " runs in this process");
  }

  @Override
  public void close() {
    node.close();
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
