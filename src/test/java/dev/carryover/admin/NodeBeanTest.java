package dev.carryover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.Timer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** The figures as any JMX client sees them. */
class NodeBeanTest {

  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private final NodeMetrics metrics = new NodeMetrics();

  @Test
  void tellsEveryFigureWithADescription() throws Exception {
    try (NodeBean bean = NodeBean.register(metrics, "shop", "/shop")) {
      ObjectName name = new ObjectName(bean.name().orElseThrow());
      MBeanAttributeInfo[] infos = SERVER.getMBeanInfo(name).getAttributes();
      assertThat(infos)
          .hasSize(Counter.values().length + 2 * Timer.values().length + Gauge.values().length)
          .allMatch(info -> info.isReadable() && !info.isWritable())
          .allMatch(info -> info.getDescription().length() > 10);
      String[] all = Arrays.stream(infos).map(MBeanAttributeInfo::getName).toArray(String[]::new);
      assertThat(SERVER.getAttributes(name, all)).hasSameSizeAs(infos);
      assertThat(SERVER.getMBeanInfo(name).getDescriptor().getFieldValue("mxbean"))
          .isEqualTo("true");
    }
  }

  @Test
  void valuesAreThoseOfTheMoment() throws Exception {
    try (NodeBean bean = NodeBean.register(metrics, "shop", "/shop")) {
      ObjectName name = new ObjectName(bean.name().orElseThrow());
      metrics.count(Counter.SESSIONS_CREATED, 3);
      metrics.time(Timer.CALL_OPEN, 1_000_000);
      metrics.time(Timer.CALL_OPEN, 3_000_000);
      metrics.watch(Gauge.REDIS_AWAY, () -> 1);
      assertThat(SERVER.getAttribute(name, "SessionsCreated")).isEqualTo(3L);
      assertThat(SERVER.getAttribute(name, "CallOpen")).isEqualTo(2L);
      assertThat(SERVER.getAttribute(name, "CallOpenMeanMillis")).isEqualTo(2.0);
      assertThat(SERVER.getAttribute(name, "RedisAway")).isEqualTo(1L);
      assertThatThrownBy(() -> SERVER.getAttribute(name, "Secret"))
          .isInstanceOf(AttributeNotFoundException.class);
    }
  }

  @Test
  void webApplicationsOfAJvmDoNotClashAndEachTakesItsOwnAway() throws Exception {
    NodeBean shop = NodeBean.register(metrics, "shop", "/shop");
    NodeBean again = NodeBean.register(metrics, "shop", "/shop");
    NodeBean root = NodeBean.register(metrics, "a:b,c=*", "");
    assertThat(registered()).hasSize(3);
    assertThat(shop.name()).contains("dev.carryover:type=Sessions,namespace=shop,context=/shop");
    assertThat(again.name().orElseThrow()).endsWith(",instance=2");
    assertThat(root.name().orElseThrow()).contains("namespace=\"a:b,c=\\*\",context=/");
    shop.close();
    assertThat(registered()).hasSize(2);
    again.close();
    root.close();
    root.close();
    assertThat(registered()).isEmpty();
  }

  private static Set<ObjectName> registered() throws Exception {
    return SERVER.queryNames(new ObjectName("dev.carryover:*"), null);
  }
}
