package dev.carryover.admin;

import dev.carryover.metrics.Counter;
import dev.carryover.metrics.Gauge;
import dev.carryover.metrics.MetricName;
import dev.carryover.metrics.NodeMetrics;
import dev.carryover.metrics.Timer;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.ImmutableDescriptor;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.OpenMBeanAttributeInfoSupport;
import javax.management.openmbean.OpenMBeanInfoSupport;
import javax.management.openmbean.SimpleType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of a web application on this node as an MXBean: one attribute a figure, all for
 * reading, with open types, so that its readers need no class of ours. It has no interface that
 * would say again what {@link Counter}, {@link Timer} and {@link Gauge} say.
 */
public final class NodeBean implements DynamicMBean, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(NodeBean.class);
  private static final String PLAIN = "[A-Za-z0-9._/-]+";
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of the same application in one JVM, as on two hosts of a container. */
  private static final int MOST_INSTANCES = 1_000;

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Map<String, Supplier<Object>> values = new LinkedHashMap<>();
  private final Map<String, OpenMBeanAttributeInfo> infos = new LinkedHashMap<>();
  private @Nullable ObjectName name;

  private NodeBean(NodeMetrics metrics) {
    for (Counter counter : Counter.values()) {
      add(attribute(counter), counter.metric(), SimpleType.LONG, () -> metrics.total(counter));
    }
    for (Timer timer : Timer.values()) {
      String attribute = attribute(timer);
      MetricName metric = timer.metric();
      add(attribute, metric, SimpleType.LONG, () -> metrics.times(timer));
      add(attribute + "MeanMillis", metric, SimpleType.DOUBLE, () -> mean(metrics, timer));
    }
    for (Gauge gauge : Gauge.values()) {
      add(attribute(gauge), gauge.metric(), SimpleType.LONG, () -> metrics.value(gauge));
    }
  }

  /**
   * Registers the bean with the JVM. Where the JVM does not let us, the log says so.
   *
   * @param context the path of the web application
   */
  public static NodeBean register(NodeMetrics metrics, String namespace, String context) {
    NodeBean bean = new NodeBean(metrics);
    String base =
        "dev.carryover:type=Sessions,namespace="
            + value(namespace)
            + ",context="
            + value(context.isEmpty() ? "/" : context);
    try {
      for (int instance = 1; instance < MOST_INSTANCES && bean.name == null; instance++) {
        bean.name = bean.tryRegister(instance == 1 ? base : base + ",instance=" + instance);
      }
    } catch (JMException | SecurityException e) {
      log.warn("Carryover[{}] has no MXBean: {}", namespace, e.toString());
    }
    return bean;
  }

  /** Null if there is another of that name. */
  private @Nullable ObjectName tryRegister(String text) throws JMException {
    try {
      return server.registerMBean(this, new ObjectName(text)).getObjectName();
    } catch (InstanceAlreadyExistsException e) {
      return null;
    }
  }

  /** The name that it is registered by; empty if it is not. */
  public Optional<String> name() {
    return Optional.ofNullable(name).map(ObjectName::toString);
  }

  @Override
  public void close() {
    ObjectName registered = name;
    name = null;
    if (registered != null) {
      try {
        server.unregisterMBean(registered);
      } catch (JMException | SecurityException e) {
        log.warn("The MXBean {} could not be taken away: {}", registered, e.toString());
      }
    }
  }

  /** {@code SessionsCreated} for {@code SESSIONS_CREATED}. */
  static String attribute(Enum<?> figure) {
    return Stream.of(figure.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static String value(String text) {
    return text.matches(PLAIN) ? text : ObjectName.quote(text);
  }

  private static double mean(NodeMetrics metrics, Timer timer) {
    return metrics.nanos(timer) / NANOS_PER_MILLI / Math.max(1, metrics.times(timer));
  }

  private <T> void add(
      String attribute, MetricName metric, SimpleType<T> type, Supplier<Object> value) {
    values.put(attribute, value);
    String description = metric.description() + ' ' + metric.tag();
    infos.put(
        attribute,
        new OpenMBeanAttributeInfoSupport(
            attribute, description.replace(" {}", ""), type, true, false, false));
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    Supplier<Object> value = values.get(attribute);
    if (value == null) {
      throw new AttributeNotFoundException(attribute);
    }
    return value.get();
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList found = new AttributeList();
    for (String attribute : attributes) {
      Supplier<Object> value = values.get(attribute);
      if (value != null) {
        found.add(new Attribute(attribute, value.get()));
      }
    }
    return found;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " is for reading");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String action, Object[] params, String[] signature)
      throws ReflectionException {
    throw new ReflectionException(new NoSuchMethodException(action));
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    return new OpenMBeanInfoSupport(
        NodeBean.class.getName(),
        "What Carryover does for a web application on this node",
        infos.values().toArray(new OpenMBeanAttributeInfo[0]),
        null,
        null,
        null,
        new ImmutableDescriptor("mxbean=true", "immutableInfo=true"));
  }
}
