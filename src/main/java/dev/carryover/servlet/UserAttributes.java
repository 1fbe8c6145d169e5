package dev.carryover.servlet;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session attributes that tell who the user is: the one that the configuration names, and that
 * in which Spring Security keeps its context. Only looked at where a request uses them.
 * Thread-safe.
 */
public final class UserAttributes {

  private static final Logger log = LoggerFactory.getLogger(UserAttributes.class);

  private static final String SPRING = "SPRING_SECURITY_CONTEXT.authentication.name";
  private static final char BETWEEN = '.';

  private final List<String> paths = new ArrayList<>();
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /**
   * @param configured an attribute's name, then a path through beans and maps, with dots between;
   *     null for none
   */
  public UserAttributes(@Nullable String configured) {
    if (configured != null) {
      paths.add(configured);
    }
    paths.add(SPRING);
  }

  /** Whether an attribute of this name may tell who the user is. */
  boolean include(String attribute) {
    for (int i = 0; i < paths.size(); i++) {
      if (begins(paths.get(i), attribute)) {
        return true;
      }
    }
    return false;
  }

  /** A name may have dots in it too. */
  private static boolean begins(String path, String attribute) {
    return path.startsWith(attribute)
        && (path.length() == attribute.length() || path.charAt(attribute.length()) == BETWEEN);
  }

  /**
   * The user's name that one of these attributes tells, by what the configuration names before what
   * is Spring Security's; null if none does.
   */
  @Nullable String user(Collection<String> used, Function<String, @Nullable Object> values) {
    for (String path : paths) {
      for (String attribute : used) {
        String user =
            begins(path, attribute)
                ? user(path, path.substring(attribute.length()), values.apply(attribute))
                : null;
        if (user != null) {
          return user;
        }
      }
    }
    return null;
  }

  private @Nullable String user(String path, String rest, @Nullable Object value) {
    Object found = value;
    try {
      for (String property : rest.isEmpty() ? new String[0] : rest.substring(1).split("\\.")) {
        found = found == null ? null : property(found, property);
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // No message: the application's own may quote values.
      say(path, "could not be read: " + e.getClass().getName());
      return null;
    }
    return found == null ? null : name(path, found);
  }

  private @Nullable String name(String path, Object found) {
    if (found instanceof Principal) {
      return ((Principal) found).getName();
    }
    if (found instanceof CharSequence
        || found instanceof Number
        || found instanceof Enum
        || found instanceof UUID) {
      return found.toString();
    }
    say(path, "is no name but a " + found.getClass().getName() + "; say which property of it is");
    return null;
  }

  private static @Nullable Object property(Object bean, String property)
      throws ReflectiveOperationException {
    if (bean instanceof Map) {
      return ((Map<?, ?>) bean).get(property);
    }
    String end = property.substring(0, 1).toUpperCase(Locale.ROOT) + property.substring(1);
    for (String name : List.of("get" + end, "is" + end, property)) {
      Method method = accessible(bean.getClass(), name);
      if (method != null) {
        try {
          return method.invoke(bean);
        } catch (InvocationTargetException e) {
          throw new ReflectiveOperationException(e.getCause());
        }
      }
    }
    Field field = bean.getClass().getField(property);
    return field.get(bean);
  }

  /** A public method without parameters, as a public class or interface has it. */
  private static @Nullable Method accessible(@Nullable Class<?> type, String name) {
    if (type == null) {
      return null;
    }
    try {
      Method method = type.getMethod(name);
      if (method.getReturnType() != void.class && method.trySetAccessible()) {
        return method;
      }
    } catch (NoSuchMethodException e) {
      return null;
    }
    for (Class<?> face : type.getInterfaces()) {
      Method method = accessible(face, name);
      if (method != null) {
        return method;
      }
    }
    return accessible(type.getSuperclass(), name);
  }

  private void say(String path, String what) {
    if (said.size() < 100 && said.add(path + what)) {
      log.warn("The user's name, {}, {}", path, what);
    }
  }
}
