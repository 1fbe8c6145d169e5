package dev.carryover.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import org.objenesis.ObjenesisStd;

/** What belongs to a request that is dispatched again, and to no other. */
class ParkedSessionsTest {

  private final HttpServletRequest request = new Exchange().request;

  /** Tomcat's ids of requests are not always their own. */
  @Test
  void ofRequestsWithTheSameIdEachHasItsOwn() {
    ParkedSessions parked = new ParkedSessions();
    HttpServletRequest one = new Exchange().withId("16").request;
    HttpServletRequest other = new Exchange().withId("16").request;
    RequestSession ones = new ObjenesisStd().newInstance(RequestSession.class);
    RequestSession others = new ObjenesisStd().newInstance(RequestSession.class);

    parked.parkAsynchronous(one, ones);
    assertThat(parked.fetchEarly(other)).isNull();
    parked.parkAsynchronous(other, others);
    assertThat(parked.fetchEarly(one)).isSameAs(ones);
    parked.forget(other);
    assertThat(parked.fetchEarly(one)).isSameAs(ones);

    parked.parkFailed(other, others);
    parked.forget(one);
    assertThat(parked.fetchEarly(one)).isNull();
  }

  /** GlassFish forgets a request's attributes, but neither its id nor its object. */
  @Test
  void whereIdsRecurALaterRequestHasNothingOfTheFirst() {
    ParkedSessions parked = new ParkedSessions(true);
    Exchange exchange = new Exchange().withId("3");
    RequestSession session = new ObjenesisStd().newInstance(RequestSession.class);

    parked.parkFailed(exchange.request, session);
    assertThat(parked.fetchEarly(exchange.request)).isSameAs(session);
    exchange.forgetAttributes();

    assertThat(parked.fetchEarly(exchange.request)).isNull();
  }

  /** Here they have no id, as in containers before Servlet 6.0. */
  @Test
  void anotherWebApplicationsSessionIsNoneHereAndStaysThere() throws Exception {
    Application first = new Application();
    Application second = new Application();
    first.parks();
    Object session = first.fetched();
    assertThat(session).isNotNull();

    assertThat(second.fetched()).isNull();
    second.parks();
    assertThat(first.fetched()).isSameAs(session);
    assertThat(second.fetched()).isNotNull().isNotSameAs(session);
  }

  /** A web application with Carryover's classes of its own. */
  private final class Application {
    private final Class<?> type;
    private final Object parked;

    private Application() throws ReflectiveOperationException {
      type = new OwnClasses().loadClass(ParkedSessions.class.getName());
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      parked = constructor.newInstance();
    }

    private void parks() throws ReflectiveOperationException {
      Class<?> session = type.getClassLoader().loadClass(RequestSession.class.getName());
      Method park = type.getDeclaredMethod("parkFailed", HttpServletRequest.class, session);
      park.setAccessible(true);
      // Nothing is asked of it.
      park.invoke(parked, request, new ObjenesisStd().newInstance(session));
    }

    private Object fetched() throws ReflectiveOperationException {
      Method fetch = type.getDeclaredMethod("fetchEarly", HttpServletRequest.class);
      fetch.setAccessible(true);
      return fetch.invoke(parked, request);
    }
  }

  private static final class OwnClasses extends ClassLoader {

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("dev.carryover.servlet.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known == null ? defined(name) : known;
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
