package dev.carryover.cli;

import java.util.List;
import java.util.Locale;

/** One of the two names that the Servlet API has had. */
enum ServletApi {
  JAVAX,
  JAKARTA;

  // Names are joined at run time: in the javax jars constants that name the API change places.
  private final String root = name().toLowerCase(Locale.ROOT);

  /** What a class file's names of the API begin with: {@code javax/servlet/}. */
  String path() {
    return root + "/servlet/";
  }

  /** What names in class files begin with that there are in containers of this API only. */
  List<String> companions() {
    return List.of(path(), root + "/faces/", root + "/ejb/", root + "/enterprise/");
  }

  /** The package: {@code javax.servlet}. */
  String packageName() {
    return root + ".servlet";
  }

  ServletApi other() {
    return this == JAVAX ? JAKARTA : JAVAX;
  }

  /** The file that makes a container of this API call an initializer. */
  String initializerService() {
    return "META-INF/services/" + packageName() + ".ServletContainerInitializer";
  }

  /** The end of the name of the self-contained jar for this API. */
  String jarSuffix() {
    return this == JAVAX ? "-javax-all.jar" : "-all.jar";
  }

  /** The word for it on the command line. */
  @Override
  public String toString() {
    return root;
  }
}
