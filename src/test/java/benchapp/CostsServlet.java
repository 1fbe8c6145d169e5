package benchapp;

import com.sun.management.ThreadMXBean;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Tells what this process has cost so far: its id, the bytes that its threads allocated, and the
 * milliseconds it spent compiling.
 */
@WebServlet("/costs")
public final class CostsServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    long compiling = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    response
        .getWriter()
        .print(ProcessHandle.current().pid() + " " + allocatedBytes() + " " + compiling);
  }

  /** What the threads that are alive have allocated: those of pools live as long as the process. */
  private static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
    return Arrays.stream(bytes).filter(each -> each > 0).sum();
  }
}
