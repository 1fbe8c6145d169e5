package springapp;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.annotation.SessionScope;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** The whole application; {@code /secure} and below are for users only. */
@Configuration
@EnableWebMvc
@EnableWebSecurity
public class WebConfig {

  /** Returns the visitor's cart. */
  @Bean
  @SessionScope(proxyMode = ScopedProxyMode.TARGET_CLASS)
  public Cart cart() {
    return new Cart();
  }

  /** Returns the controller. */
  @Bean
  public ShopController shop(Cart cart) {
    return new ShopController(cart);
  }

  /** Returns who may log in. */
  @Bean
  public UserDetailsService users() {
    return new InMemoryUserDetailsManager(
        User.withUsername("ann").password("{noop}secret").roles("CUSTOMER").build());
  }

  /** Returns Spring Security's filters, as they are unless one says otherwise. */
  @Bean
  public SecurityFilterChain security(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(
            requests ->
                requests.requestMatchers("/secure/**").authenticated().anyRequest().permitAll())
        .formLogin(Customizer.withDefaults())
        .csrf(csrf -> csrf.ignoringRequestMatchers("/shop/**"))
        .build();
  }
}
