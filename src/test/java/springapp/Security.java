package springapp;

import org.springframework.security.web.context.AbstractSecurityWebApplicationInitializer;

/** Puts Spring Security's filter before all others. */
public class Security extends AbstractSecurityWebApplicationInitializer {}
