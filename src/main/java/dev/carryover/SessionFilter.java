package dev.carryover;

import dev.carryover.config.SessionConfig;
import dev.carryover.servlet.RequestDispatch;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filter that replaces the container's sessions by Carryover's.
 *
 * <p>{@link CarryoverInitializer} registers it by itself. Declared in {@code web.xml} it takes the
 * keys of the configuration as init parameters, without the prefix {@code carryover.}; the
 * declaration should name all dispatchers and {@code async-supported}.
 */
public final class SessionFilter implements Filter {

  private @Nullable Deployment deployment;
  private @Nullable RequestDispatch dispatch;

  /**
   * Starts Carryover for this web application. Waits for Redis as long as a request would ({@code
   * redis.timeout}), and starts without it too.
   *
   * @throws dev.carryover.config.ConfigException if the configuration is wrong; says what and where
   */
  @Override
  public void init(FilterConfig filter) {
    Map<String, String> initParams =
        ContextSettings.values(
            Collections.list(filter.getInitParameterNames()), filter::getInitParameter);
    SessionConfig config = ContextSettings.read(filter.getServletContext(), initParams);
    if (config.enabled()) {
      Deployment started =
          new Deployment(
              filter.getServletContext(),
              filter.getFilterName(),
              config,
              CarryoverInitializer.takeListenerClasses(filter.getServletContext()));
      deployment = started;
      dispatch = started.dispatch();
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestDispatch carrying = dispatch;
    if (carrying != null
        && request instanceof HttpServletRequest
        && response instanceof HttpServletResponse) {
      carrying.run((HttpServletRequest) request, (HttpServletResponse) response, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** Stops Carryover; the sessions stay in Redis. */
  @Override
  public void destroy() {
    Deployment started = deployment;
    if (started != null) {
      started.close();
    }
    deployment = null;
    dispatch = null;
  }
}
