package dev.carryover.bench.web;

import dev.carryover.testing.WarBuilder;
import java.util.Optional;

/** Spring Session with Data Redis and Lettuce, as its documentation sets it up without Boot. */
final class SpringSession {

  private static final Libraries LIBRARIES = new Libraries("spring-session");

  private SpringSession() {}

  static Optional<String> absence() {
    return LIBRARIES.absence();
  }

  /**
   * @param configuration the simple name of its configuration class
   */
  static void addTo(WarBuilder war, String configuration, int redisPort) {
    LIBRARIES.jars().forEach(war::lib);
    war.webXml(
        """
        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
          <listener>
            <listener-class>org.springframework.web.context.ContextLoaderListener</listener-class>
          </listener>
          <filter>
            <filter-name>springSessionRepositoryFilter</filter-name>
            <filter-class>org.springframework.web.filter.DelegatingFilterProxy</filter-class>
          </filter>
          <filter-mapping>
            <filter-name>springSessionRepositoryFilter</filter-name>
            <url-pattern>/*</url-pattern>
            <dispatcher>REQUEST</dispatcher>
            <dispatcher>ERROR</dispatcher>
          </filter-mapping>
        </web-app>
        """);
    war.file(
        "WEB-INF/applicationContext.xml",
        """
        <beans xmlns="http://www.springframework.org/schema/beans"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xmlns:context="http://www.springframework.org/schema/context"
            xsi:schemaLocation="http://www.springframework.org/schema/beans
              http://www.springframework.org/schema/beans/spring-beans.xsd
              http://www.springframework.org/schema/context
              http://www.springframework.org/schema/context/spring-context.xsd">
          <context:annotation-config/>
          <bean class="org.springframework.session.data.redis.config.annotation.web.http.%s"/>
          <bean class="org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory">
            <constructor-arg value="127.0.0.1"/>
            <constructor-arg value="%d"/>
          </bean>
        </beans>
        """
            .formatted(configuration, redisPort));
  }
}
