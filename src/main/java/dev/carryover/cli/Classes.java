package dev.carryover.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** All classes of a web application: which Servlet API they use, and what they are. */
final class Classes {

  private static final String CLASSES = "WEB-INF/classes/";
  private static final String LIB = "WEB-INF/lib/";
  private static final String OUR_FILTER = "dev/carryover/SessionFilter.class";
  private static final String SHADED = "dev/carryover/shaded/";
  private static final List<String> SESSION_LISTENERS =
      List.of(
          "http/HttpSessionListener",
          "http/HttpSessionAttributeListener",
          "http/HttpSessionIdListener",
          "ServletRequestListener",
          "ServletRequestAttributeListener");

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<ServletApi, Set<String>> ownUses = new EnumMap<>(ServletApi.class);
  private final Map<ServletApi, Set<String>> libraryUses = new EnumMap<>(ServletApi.class);
  private final Map<String, Set<String>> putIntoSessions = new TreeMap<>();
  private final List<String> ourJars = new ArrayList<>();
  private final List<String> thinJars = new ArrayList<>();
  private final Set<ServletApi> ourApis = EnumSet.noneOf(ServletApi.class);
  private final Set<String> hints = new HashSet<>();
  private final Set<String> unread = new TreeSet<>();
  private final Set<String> setters;

  private Classes() {
    setters =
        Stream.of(ServletApi.values())
            .flatMap(
                api ->
                    Stream.of("setAttribute", "putValue")
                        .map(
                            name ->
                                api.path()
                                    + "http/HttpSession "
                                    + name
                                    + " (Ljava/lang/String;Ljava/lang/Object;)V"))
            .collect(Collectors.toUnmodifiableSet());
    for (ServletApi api : ServletApi.values()) {
      ownUses.put(api, new TreeSet<>());
      libraryUses.put(api, new TreeSet<>());
    }
  }

  /** Reads them all. */
  static Classes of(WebApp app) {
    Classes classes = new Classes();
    for (String name : app.names()) {
      if (name.startsWith(CLASSES) && name.endsWith(".class")) {
        classes.lookInto(name, () -> classes.ownClass(app.read(name)));
      } else if (name.startsWith(LIB) && name.endsWith(".jar")) {
        classes.lookInto(name, () -> classes.library(name, app.read(name)));
      }
    }
    return classes;
  }

  /** What can't be read here does no harm: containers may read it otherwise, or not at all. */
  private void lookInto(String name, Look look) {
    try {
      look.look();
    } catch (IOException | RuntimeException e) {
      unread.add(name);
    }
  }

  private void ownClass(byte[] content) {
    ClassFile.read(content)
        .ifPresent(
            file -> {
              add(file, true);
              ownApis(file).forEach(api -> uses(ownUses, api).add(dotted(file.name())));
              file.texts().filter(Conflict::isHint).forEach(hints::add);
              for (String type : file.lastArgumentsOf(setters)) {
                putIntoSessions
                    .computeIfAbsent(type, key -> new TreeSet<>())
                    .add(dotted(file.name()));
              }
            });
  }

  private void library(String name, byte[] content) {
    List<ClassFile> files = new ArrayList<>();
    Set<String> entries = new HashSet<>();
    lookInto(name, () -> readLibrary(content, entries, files));
    if (entries.isEmpty()) {
      unread.add(name);
    }
    if (entries.contains(OUR_FILTER)) {
      boolean isWhole = entries.stream().anyMatch(entry -> entry.startsWith(SHADED));
      (isWhole ? ourJars : thinJars).add(name);
      files.stream()
          .filter(file -> OUR_FILTER.equals(file.name() + ".class"))
          .forEach(file -> ourApis.addAll(apis(file)));
      return;
    }
    for (ClassFile file : files) {
      lookInto(name, () -> libraryClass(file, name.substring(LIB.length())));
    }
  }

  private void libraryClass(ClassFile file, String library) {
    add(file, false);
    apis(file).forEach(api -> uses(libraryUses, api).add(library));
  }

  private static void readLibrary(byte[] content, Set<String> entries, List<ClassFile> files)
      throws IOException {
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(content))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.add(entry.getName());
        if (entry.getName().endsWith(".class") && !entry.getName().startsWith(SHADED)) {
          ClassFile.read(in.readAllBytes()).ifPresent(files::add);
        }
      }
    }
  }

  private void add(ClassFile file, boolean own) {
    nodes.putIfAbsent(file.name(), new Node(file, own));
  }

  private static List<ServletApi> apis(ClassFile file) {
    return Stream.of(ServletApi.values())
        .filter(api -> file.texts().anyMatch(text -> text.contains(api.path())))
        .collect(Collectors.toList());
  }

  /** Libraries may know more than is there; what the application itself names it needs. */
  private static List<ServletApi> ownApis(ClassFile file) {
    return Stream.of(ServletApi.values())
        .filter(
            api ->
                file.texts().anyMatch(text -> api.companions().stream().anyMatch(text::contains)))
        .collect(Collectors.toList());
  }

  private static Set<String> uses(Map<ServletApi, Set<String>> uses, ServletApi api) {
    return uses.computeIfAbsent(api, key -> new TreeSet<>());
  }

  /** The classes in {@code WEB-INF/classes} that use an API. */
  Set<String> ownUsing(ServletApi api) {
    return uses(ownUses, api);
  }

  /** The libraries that use an API. */
  Set<String> librariesUsing(ServletApi api) {
    return uses(libraryUses, api);
  }

  /** The self-contained jars of ours in {@code WEB-INF/lib}. */
  List<String> ourJars() {
    return ourJars;
  }

  /** The jars of ours without their dependencies. */
  List<String> thinJars() {
    return thinJars;
  }

  /** The APIs that jars of ours are for, as far as they can be read. */
  Set<ServletApi> ourApis() {
    return ourApis;
  }

  /** Libraries and classes that could not be looked into, or not to their end. */
  Set<String> unread() {
    return unread;
  }

  /** Whether a class is there. */
  boolean has(String name) {
    return nodes.containsKey(name.replace('.', '/'));
  }

  /** Texts of the classes in {@code WEB-INF/classes} that may tell of a {@link Conflict}. */
  Set<String> hints() {
    return hints;
  }

  /** The application's own classes that are session or request listeners, with what they hear. */
  Map<String, String> listeners() {
    Map<String, String> listeners = new TreeMap<>();
    nodes.forEach(
        (name, node) -> {
          String roles = node.own && !node.isInterface ? roles(name) : "";
          if (!roles.isEmpty()) {
            listeners.put(dotted(name), roles);
          }
        });
    return listeners;
  }

  private String roles(String name) {
    return SESSION_LISTENERS.stream()
        .filter(
            role -> Stream.of(ServletApi.values()).anyMatch(api -> isA(name, api.path() + role)))
        .map(role -> role.substring(role.indexOf('/') + 1))
        .collect(Collectors.joining(", "));
  }

  /**
   * Classes that the application's code was seen to put into sessions and that are surely not
   * serializable, with the classes that do so.
   */
  Map<String, Set<String>> notSerializable() {
    Map<String, Set<String>> found = new TreeMap<>();
    putIntoSessions.forEach(
        (type, by) -> {
          Node node = nodes.get(type);
          if (node != null && !node.isInterface && !isSerializable(type)) {
            found.put(dotted(type), by);
          }
        });
    return found;
  }

  /** Whether it is, or may be, for a parent that is not to be found. */
  private boolean isSerializable(String type) {
    return isA(type, "java/io/Serializable") || ancestors(type).stream().anyMatch(this::isUnknown);
  }

  private boolean isUnknown(String type) {
    return !nodes.containsKey(type) && platformClass(type) == null;
  }

  private boolean isA(String type, String wanted) {
    return ancestors(type).stream()
        .anyMatch(ancestor -> ancestor.equals(wanted) || isPlatformsA(ancestor, wanted));
  }

  private boolean isPlatformsA(String type, String wanted) {
    Class<?> known = nodes.containsKey(type) ? null : platformClass(type);
    Class<?> parent = platformClass(wanted);
    return known != null && parent != null && parent.isAssignableFrom(known);
  }

  private static @Nullable Class<?> platformClass(String type) {
    try {
      return Class.forName(dotted(type), false, ClassLoader.getPlatformClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private Collection<String> ancestors(String type) {
    Set<String> known = new HashSet<>();
    List<String> next = new ArrayList<>(List.of(type));
    while (!next.isEmpty()) {
      String one = next.remove(next.size() - 1);
      Node node = nodes.get(one);
      if (known.add(one) && node != null) {
        next.addAll(node.parents);
      }
    }
    return known;
  }

  private static String dotted(String name) {
    return name.replace('/', '.');
  }

  /** One step of the reading. */
  private interface Look {
    void look() throws IOException;
  }

  /** What is remembered of a class. */
  private static final class Node {
    final List<String> parents;
    final boolean isInterface;
    final boolean own;

    Node(ClassFile file, boolean own) {
      this.parents = file.parents();
      this.isInterface = file.isInterface();
      this.own = own;
    }
  }
}
