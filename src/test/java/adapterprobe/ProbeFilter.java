package adapterprobe;

import dev.carryover.servlet.container.AttributeEventOrder;
import dev.carryover.servlet.container.AttributeEventOrder.Step;
import dev.carryover.servlet.container.ContainerAdapter;
import dev.carryover.servlet.container.RequestListenerHook;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import listenertable.AnnotatedListener;
import listenertable.DeclaredListener;
import listenertable.Events;
import listenertable.RequestLogger;

/** Answers what the adapter has found, and writes down what it tells the hook. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class ProbeFilter implements Filter {

  private final Map<Object, ServletRequest> requests = new ConcurrentHashMap<>();
  private ContainerAdapter adapter;
  private ContainerAdapter portable;

  @Override
  public void init(FilterConfig config) {
    adapter = ContainerAdapter.of(config.getServletContext(), List.of());
    portable =
        ContainerAdapter.of(
            unknown(config.getServletContext()),
            List.of(RequestLogger.class, AnnotatedListener.class, DeclaredListener.class));
    if (!adapter.interceptRequestListeners(new Hook())) {
      Events.add("not intercepted");
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    switch (((HttpServletRequest) request).getServletPath()) {
      case "/adapter" -> response.getWriter().write(found());
      case "/portable" ->
          response.getWriter().write(portable.name() + " " + names(portable.idListeners()));
      case "/order" -> response.getWriter().write(order());
      case "/close" -> {
        adapter.close();
        requests.remove(key(request));
      }
      default -> {
        ServletRequest ours = requests.get(key(request));
        chain.doFilter(ours == null ? request : ours, response);
      }
    }
  }

  @Override
  public void destroy() {
    adapter.close();
  }

  /** The context as that of a container that no adapter knows. */
  private static ServletContext unknown(ServletContext context) {
    return (ServletContext)
        Proxy.newProxyInstance(
            ProbeFilter.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) -> method.invoke(context, arguments));
  }

  private String found() {
    return String.join(
        "\n",
        adapter.name(),
        "session " + names(adapter.sessionListeners()),
        "attribute " + names(adapter.attributeListeners()),
        "id " + names(adapter.idListeners()),
        "id changes told twice " + adapter.tellsIdChangesTwice(),
        "route " + adapter.route());
  }

  private String order() {
    AttributeEventOrder order = adapter.attributeEventOrder();
    String value = new String("value");
    return String.join(
        "\n",
        "added " + order.onSet(null, value, true),
        "replaced " + order.onSet("old", value, true),
        "replaced by plain " + heard(order.onSet("old", value, false), true, false),
        "same " + order.onSet(value, value, true),
        "equal " + heard(order.onSet(new String("value"), value, false), false, false),
        "removed " + order.onRemove());
  }

  /** The steps that can be heard: by values that listen, and by the attribute listeners. */
  private static List<Step> heard(List<Step> steps, boolean oldListens, boolean newListens) {
    return steps.stream()
        .filter(step -> oldListens || !step.name().startsWith("UNBOUND"))
        .filter(step -> newListens || !step.name().startsWith("BOUND"))
        .toList();
  }

  private static List<String> names(List<?> listeners) {
    return listeners.stream()
        .map(listener -> listener.getClass().getSimpleName())
        .filter(name -> name.endsWith("Listener"))
        .filter(name -> !name.startsWith("Ws"))
        .toList();
  }

  /** What stays the same of a request through all its dispatches; before Servlet 6.0 itself. */
  private static Object key(ServletRequest request) {
    ServletRequest innermost = request;
    while (innermost instanceof ServletRequestWrapper wrapper) {
      innermost = wrapper.getRequest();
    }
    try {
      return innermost.getRequestId();
    } catch (NoSuchMethodError | AbstractMethodError e) {
      return innermost;
    }
  }

  /** Hands out wrapped requests, which say so in a header. */
  private final class Hook implements RequestListenerHook {

    @Override
    public ServletRequest requestInitialized(ServletRequest containerRequest) {
      add("initialized", containerRequest);
      return requests.computeIfAbsent(
          key(containerRequest), id -> new Ours((HttpServletRequest) containerRequest));
    }

    @Override
    public ServletRequest requestDestroyed(ServletRequest containerRequest) {
      add("destroyed", containerRequest);
      return requests.get(key(containerRequest));
    }

    @Override
    public void afterRequestDestroyed(ServletRequest containerRequest) {
      add("after", containerRequest);
      if (!containerRequest.isAsyncStarted()) {
        requests.remove(key(containerRequest));
      }
    }

    private void add(String event, ServletRequest request) {
      if (!((HttpServletRequest) request).getRequestURI().endsWith("/events")) {
        Events.add("hook " + event);
      }
    }
  }

  /** The request that listeners and servlets shall see. */
  private static final class Ours extends HttpServletRequestWrapper {

    private Ours(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getHeader(String name) {
      return name.equals("X-Who") ? "ours" : super.getHeader(name);
    }
  }
}
