package dev.carryover.admin;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.File;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class WebApplicationsTest {

  private final WebApplications<String> values = new WebApplications<>();

  @Test
  void eachWebApplicationHasItsOwnWhicheverObjectOfTheContainersAsks() {
    values.put(context(new File("one")), "1");
    values.put(context(new File("two")), "2");
    assertThat(values.get(context(new File("one")))).isEqualTo("1");
    assertThat(values.get(context(new File("two")))).isEqualTo("2");
    assertThat(values.get(context(new File("three")))).isNull();
  }

  @Test
  void aContextWithoutADirectoryIsFoundByItself() {
    ServletContext context = context(null);
    values.put(context, "1");
    assertThat(values.get(context)).isEqualTo("1");
    assertThat(values.get(context(null))).isNull();
  }

  @Test
  void whatIsTakenAwayIsNotFoundAndTheOthersStay() {
    ServletContext context = context(new File("one"));
    String before = new String("1");
    values.put(context, before);
    values.put(context, new String("1"));
    values.remove(before);
    assertThat(values.get(context)).isEqualTo("1");
    values.remove(values.get(context));
    assertThat(values.get(context)).isNull();
  }

  private static ServletContext context(File directory) {
    return (ServletContext)
        Proxy.newProxyInstance(
            WebApplicationsTest.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getAttribute" -> directory;
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
