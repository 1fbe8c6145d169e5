package dev.carryover;

import java.util.Set;
import javax.servlet.ServletContainerInitializer;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to start in a container of the other Servlet API, which finds nothing but this class in
 * the jar, and says which jar to use.
 *
 * <p>The classes are compiled against {@code jakarta.servlet} but for this one. For the javax jars
 * the build has the two APIs change places in all classes, so that this one is jakarta's there.
 */
public final class WrongContainer implements ServletContainerInitializer {

  /**
   * Does not return.
   *
   * @throws ServletException always; names the jar that fits
   */
  @Override
  public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context)
      throws ServletException {
    boolean javax = ServletContainerInitializer.class.getName().startsWith("javax.");
    String has = javax ? "javax" : "jakarta";
    String isFor = javax ? "jakarta" : "javax";
    String fitting = javax ? "-javax" : "";
    throw new ServletException(
        String.format(
            "This container has the Servlet API of %s.servlet, and this jar of Carryover is for"
                + " %s.servlet: put carryover-<version>%s-all.jar into WEB-INF/lib instead (without"
                + " -all, if it was the thin one)",
            has, isFor, fitting));
  }
}
