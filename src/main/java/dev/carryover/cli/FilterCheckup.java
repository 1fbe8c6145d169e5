package dev.carryover.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is to be said of the place of our filter, as far as web.xml tells it. */
final class FilterCheckup {

  private static final String TOPIC = "filter";

  private FilterCheckup() {}

  /** Of a web application: is our jar there, the right one, and what comes of it. */
  static List<Finding> look(Inspection inspection) {
    List<Finding> findings = new ArrayList<>();
    jar(inspection).ifPresent(findings::add);
    Finding place = place(inspection.webXml());
    if (findings.isEmpty() || place.level != Finding.Level.OK) {
      findings.add(place);
    }
    return findings;
  }

  /** What is wrong with the jars; empty if nothing is, or nobody can tell. */
  private static Optional<Finding> jar(Inspection inspection) {
    if (inspection.classes().ourJars().isEmpty() && inspection.classes().thinJars().isEmpty()) {
      boolean isDeclared = inspection.webXml().filter(WebXml::declaresOurFilter).isPresent();
      return Optional.of(
          Finding.of(
              isDeclared ? Finding.Level.WARN : Finding.Level.NOTE,
              TOPIC,
              (isDeclared ? "declared in web.xml, and there is" : "not there: there is")
                  + " no jar of Carryover in WEB-INF/lib",
              "install puts it there; unless the server lends it, as"
                  + " conf-examples/tomcat-context.xml does"));
    }
    Set<ServletApi> present = inspection.classes().ourApis();
    return inspection
        .clearApi()
        .filter(wanted -> !present.isEmpty() && !present.contains(wanted))
        .map(
            wanted ->
                fail(
                    "the jar of Carryover in WEB-INF/lib is for "
                        + wanted.other().packageName()
                        + ", and the application is written for "
                        + wanted.packageName(),
                    "take carryover-<version>" + wanted.jarSuffix() + ": install does"));
  }

  private static Finding place(Optional<WebXml> webXml) {
    return webXml
        .map(
            found ->
                found
                    .ourFilterName()
                    .map(ours -> declared(ours, found.filterOrder()))
                    .orElseGet(() -> undeclared(found)))
        .orElseGet(FilterCheckup::byItself);
  }

  private static Finding undeclared(WebXml webXml) {
    if (webXml.leavesUnnamedJarsOut()) {
      return fail(
          "web.xml's <absolute-ordering> leaves our jar out, and with it the filter",
          "declare it: install --web-xml does, or see conf-examples/web.xml");
    }
    if (webXml.filterNames().contains("carryover")) {
      return fail(
          "another filter in web.xml has the name carryover",
          "declare " + WebXml.FILTER_CLASS + " under another, see conf-examples/web.xml");
    }
    return byItself();
  }

  private static Finding byItself() {
    return Finding.ok(TOPIC, "registers itself, before all others");
  }

  private static Finding declared(String ours, List<String> order) {
    int place = order.indexOf(ours);
    if (place < 0) {
      return fail(
          ours + " is declared in web.xml, and has no mapping",
          "map it to /* with all dispatchers, see conf-examples/web.xml");
    }
    return place == 0
        ? Finding.ok(TOPIC, "the first in web.xml")
        : Finding.of(
            Finding.Level.WARN,
            TOPIC,
            "comes after "
                + order.subList(0, place)
                + " in web.xml: they see the container's session",
            "if they use sessions, put the filter-mapping of " + ours + " before theirs");
  }

  private static Finding fail(String text, String remedy) {
    return Finding.of(Finding.Level.FAIL, TOPIC, text, remedy);
  }
}
