package dev.carryover.servlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FilterOrderTest {

  private final List<Object> mappings = new ArrayList<>();
  private final FilterOrder order =
      FilterOrder.of(new FilterOrder.Listed(Live.of(mappings), "getUrl"));

  /** A mapping as containers have them. */
  public record Mapping(String filter, String url) {

    public String getFilterName() {
      return filter;
    }

    public String getUrl() {
      return url;
    }
  }

  @Test
  void oneComesFirstAndTheOthersKeepTheirOrder() {
    map("a/1 ours/1 b/1 a/2 ours/2 c/1");
    order.putFirst("ours");
    assertThat(mapped()).isEqualTo("ours/1 ours/2 a/1 b/1 a/2 c/1");
    order.putFirst("none");
    assertThat(mapped()).isEqualTo("ours/1 ours/2 a/1 b/1 a/2 c/1");
  }

  @Test
  void tellsWhoComesBeforeAnyMappingToUrls() {
    map("ours/1 a/1 b/1 a/2 servlets/ ours/2 c/1");
    assertThat(order.before("ours")).containsExactly("a", "b");
    assertThat(order.before("none")).isEmpty();
    order.putFirst("ours");
    assertThat(order.before("ours")).isEmpty();
  }

  private void map(String text) {
    for (String mapping : text.split(" ")) {
      String[] parts = mapping.split("/");
      mappings.add(new Mapping(parts[0], parts.length == 1 ? null : parts[1]));
    }
  }

  private String mapped() {
    return mappings.stream()
        .map(Mapping.class::cast)
        .map(mapping -> mapping.filter() + "/" + mapping.url())
        .collect(Collectors.joining(" "));
  }
}
