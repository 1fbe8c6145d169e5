package dev.carryover.codec;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.io.PrintWriter;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** All tests of this package, as a program: for Java versions other than Maven's. */
final class CodecTests {

  private CodecTests() {}

  public static void main(String[] none) {
    LauncherDiscoveryRequest tests =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(CodecTests.class.getPackageName()))
            .filters(ClassNameFilter.includeClassNamePatterns(".*Test"))
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(tests, listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true), 30);
    System.out.println(
        "on Java " + Runtime.version() + ": " + summary.getTestsSucceededCount() + " succeeded");
    System.exit(summary.getTotalFailureCount() == 0 ? 0 : 1);
  }
}
