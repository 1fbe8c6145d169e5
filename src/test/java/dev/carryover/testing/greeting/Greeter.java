package dev.carryover.testing.greeting;

/** A bean of a web application, in a package of its own: a JSP cannot see a nested class alone. */
public final class Greeter {

  /** Greets. */
  public String getGreeting() {
    return "a greeting";
  }
}
