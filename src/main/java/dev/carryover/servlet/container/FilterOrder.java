package dev.carryover.servlet.container;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a container runs the filters of a web application: that of their mappings to
 * URLs. Those to servlets come behind in all containers. To be used when our filter is initialized:
 * all initializers and context listeners have run by then, and no request has.
 */
public final class FilterOrder {

  private final Mappings mappings;

  private FilterOrder(Mappings mappings) {
    this.mappings = mappings;
  }

  static FilterOrder of(Mappings mappings) {
    return new FilterOrder(mappings);
  }

  /**
   * The names of the filters that run before one, at least for some requests.
   *
   * @throws IllegalStateException if the container's mappings can't be reached
   */
  public List<String> before(String filterName) {
    try {
      Set<String> seen = new LinkedHashSet<>();
      List<String> before = List.of();
      for (Object mapping : mappings.all()) {
        if (filterOf(mapping).equals(filterName)) {
          before = List.copyOf(seen);
        } else if (mappings.isToUrls(mapping)) {
          seen.add(filterOf(mapping));
        }
      }
      return before;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The order of filters can't be read", e);
    }
  }

  /**
   * Has one filter run before all others, whose order stays.
   *
   * @throws IllegalStateException if the container's mappings can't be reached
   */
  public void putFirst(String filterName) {
    try {
      List<Object> ordered = new ArrayList<>();
      int first = 0;
      for (Object mapping : mappings.all()) {
        ordered.add(filterOf(mapping).equals(filterName) ? first++ : ordered.size(), mapping);
      }
      mappings.arrange(ordered);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The order of filters can't be changed", e);
    }
  }

  /** Containers have the same word for it; Open Liberty's is a step further. */
  static String filterOf(Object mapping) throws ReflectiveOperationException {
    Live live = Live.of(mapping);
    Live named = live.has("getFilterName") ? live : live.call("getFilterConfig");
    return String.valueOf(named.callNullable("getFilterName"));
  }

  /** The mappings of all filters, as one container keeps them. */
  interface Mappings {

    List<Object> all() throws ReflectiveOperationException;

    default boolean isToUrls(Object mapping) throws ReflectiveOperationException {
      return true;
    }

    /** Puts the same mappings into another order. */
    void arrange(List<Object> ordered) throws ReflectiveOperationException;
  }

  /** Mappings in a list that the container reads where it lies. */
  static final class Listed implements Mappings {

    private final Live list;
    private final @Nullable String url;

    /**
     * A list.
     *
     * @param url what asks a mapping for its URL; null if all have one
     */
    Listed(Live list, @Nullable String url) {
      this.list = list;
      this.url = url;
    }

    @Override
    public List<Object> all() throws ReflectiveOperationException {
      List<Object> all = new ArrayList<>();
      list.elements().forEach(all::add);
      return all;
    }

    @Override
    public boolean isToUrls(Object mapping) throws ReflectiveOperationException {
      return url == null || Live.of(mapping).callNullable(url) != null;
    }

    @Override
    public void arrange(List<Object> ordered) {
      for (int i = 0; i < ordered.size(); i++) {
        list.set(i, ordered.get(i));
      }
    }
  }
}
