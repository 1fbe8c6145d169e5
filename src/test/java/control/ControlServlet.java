package control;

import jakarta.security.auth.message.config.AuthConfigFactory;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Collects garbage, and answers how many class loaders of web applications there are, how many
 * bytes are in use, and all threads, MBeans and modules for logins by their names.
 */
@WebServlet("/report")
public class ControlServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    PrintWriter out = response.getWriter();
    report(histogram(beans), out);
    Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .sorted()
        .forEach(name -> out.println("thread " + name));
    beans.queryNames(null, null).stream()
        .map(ObjectName::getCanonicalName)
        .sorted()
        .forEach(name -> out.println("mbean " + name));
    if (hasModules()) {
      Modules.report(out);
    }
  }

  private static boolean hasModules() {
    try {
      Class.forName("jakarta.security.auth.message.config.AuthConfigFactory");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Jakarta Authentication, which is not there in all containers. */
  private static final class Modules {
    static void report(PrintWriter out) {
      AuthConfigFactory factory = AuthConfigFactory.getFactory();
      for (String id : factory.getRegistrationIDs(null)) {
        out.println("module " + factory.getRegistrationContext(id).getAppContext());
      }
    }
  }

  /** The classes of what is still reachable after a full collection, a line each. */
  private static String histogram(MBeanServer beans) {
    try {
      return (String)
          beans.invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "gcClassHistogram",
              new Object[] {new String[0]},
              new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void report(String histogram, PrintWriter out) {
    long loaders = 0;
    for (String line : histogram.split("\n")) {
      String[] words = line.strip().split("\\s+");
      if (words.length >= 4 && isLoader(words[3])) {
        loaders += Long.parseLong(words[1]);
      } else if (words.length >= 4 && words[3].startsWith("dev.carryover.")) {
        out.println("object " + words[3]);
      } else if (words[0].equals("Total")) {
        out.println("bytes " + words[2]);
      }
    }
    out.println("loaders " + loaders);
  }

  private static boolean isLoader(String className) {
    return className.toLowerCase(Locale.ROOT).endsWith("webappclassloader");
  }
}
