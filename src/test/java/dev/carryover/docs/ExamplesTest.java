package dev.carryover.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carryover.config.ConfigKey;
import dev.carryover.config.ConfigSource;
import dev.carryover.config.SessionConfig;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.yaml.snakeyaml.Yaml;

/** The files in conf-examples, as far as they can be checked without a server. */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("conf-examples");

  @ParameterizedTest
  @ValueSource(strings = {"web.xml", "web-full.xml", "web-javax.xml", "web-full-javax.xml"})
  void webXmlDeclaresTheFilterWithKeysThatExist(String file) throws Exception {
    Element root = xml(file).getDocumentElement();
    boolean javax = file.contains("javax");
    assertThat(root.getNamespaceURI())
        .isEqualTo(
            javax ? "http://xmlns.jcp.org/xml/ns/javaee" : "https://jakarta.ee/xml/ns/jakartaee");
    assertThat(text(root, "filter-class")).isEqualTo("dev.carryover.SessionFilter");
    assertThat(root.getElementsByTagName("dispatcher").getLength()).isEqualTo(5);
    assertThat(text(root, "async-supported")).isEqualTo("true");
    SessionConfig config =
        SessionConfig.from(
            List.of(
                ConfigSource.initParams(params(root, "init-param")),
                ConfigSource.contextParams(params(root, "context-param"))));
    assertThat(config.redisUrl()).hasToString("redis://127.0.0.1:6379");
    assertThat(config.namespace().isPresent()).isEqualTo(file.contains("full"));
  }

  /** They differ in the namespace and the version alone. */
  @Test
  void descriptorsOfBothApisAreTheSame() throws IOException {
    for (String kind : List.of("web", "web-full")) {
      assertThat(
              read(kind + "-javax.xml")
                  .replace(
                      "http://xmlns.jcp.org/xml/ns/javaee", "https://jakarta.ee/xml/ns/jakartaee")
                  .replace("web-app_3_1", "web-app_5_0")
                  .replace("version=\"3.1\"", "version=\"5.0\""))
          .isEqualTo(read(kind + ".xml"));
    }
  }

  @Test
  void systemdUnitSetsKeysThatExist() throws IOException {
    Map<String, String> environment = new HashMap<>();
    String section = "";
    for (String line : read("tomcat.service").lines().toList()) {
      assertThat(line).matches("|#.*|\\[(Unit|Service|Install)]|[A-Z][A-Za-z]+=.*");
      section = line.startsWith("[") ? line : section;
      if (line.startsWith("Environment=")) {
        assertThat(section).isEqualTo("[Service]");
        String[] pair = line.substring("Environment=".length()).split("=", 2);
        environment.put(pair[0], pair[1]);
      }
    }
    assertThat(environment).hasSizeGreaterThan(2);
    assertKnown(environment);
    assertThat(SessionConfig.from(List.of(ConfigSource.environment(environment)))).isNotNull();
  }

  @Test
  void kubernetesDeploymentSetsKeysThatExist() throws IOException {
    Map<String, Map<String, Object>> things = kubernetes();
    assertThat(things.keySet())
        .containsExactly(
            "Secret shop-sessions",
            "Deployment shop",
            "Service shop",
            "StatefulSet redis",
            "Service redis");
    Map<String, Object> secrets = map(things.get("Secret shop-sessions").get("stringData"));
    Map<String, String> environment = environment(things.get("Deployment shop"), secrets);
    assertKnown(environment);
    SessionConfig config = SessionConfig.from(List.of(ConfigSource.environment(environment)));
    assertThat(config.redisUrl().hosts().get(0)).hasToString("redis:6379");
    assertThat(config.redisUrl().password()).contains("change-me");
    assertThat(environment(things.get("StatefulSet redis"), secrets))
        .containsEntry("REDIS_PASSWORD", "change-me");
    assertThat(map(things.get("Service shop").get("spec")))
        .containsEntry("selector", Map.of("app", "shop"))
        .doesNotContainKey("sessionAffinity");
  }

  @Test
  void nginxSpreadsRequestsWithoutSticking() throws IOException {
    String text = uncommented(read("nginx.conf"));
    int depth = 0;
    for (String line : text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      assertThat(line).matches(".*[;{}]");
      depth += line.endsWith("{") ? 1 : line.equals("}") ? -1 : 0;
      assertThat(depth).isNotNegative();
    }
    assertThat(depth).isZero();
    assertThat(text).doesNotContain("sticky", "ip_hash", "hash ", "cookie_");
    assertThat(Pattern.compile("(?m)^ +server \\S+:\\d+").matcher(text).results()).hasSize(2);
    assertThat(text).contains("upstream shop {", "proxy_pass http://shop;");
  }

  @Test
  void haproxySpreadsRequestsWithoutSticking() throws IOException {
    String text = uncommented(read("haproxy.cfg"));
    assertThat(text.lines().filter(line -> !line.isEmpty()))
        .allMatch(line -> line.matches("(defaults|(frontend|backend) \\w+| {4}\\S.*)"));
    assertThat(text).doesNotContain("cookie", "stick", "balance source", "appsession");
    assertThat(text).contains("default_backend nodes", "\nbackend nodes\n");
    assertThat(Pattern.compile("(?m)^ +server \\w+ \\S+:\\d+ check").matcher(text).results())
        .hasSize(2);
  }

  /** What scripts call, and no more; what else is needed, see {@link ExamplesIT}. */
  @Test
  void usersMayCallWhatTheScriptsCall() throws IOException {
    Set<String> called = new TreeSet<>();
    try (Stream<Path> scripts =
        Files.list(Path.of("src/main/resources/dev/carryover/store/redis"))) {
      for (Path script : scripts.toList()) {
        Pattern.compile("redis\\.p?call\\('([A-Z]+)'")
            .matcher(Files.readString(script))
            .results()
            .map(MatchResult::group)
            .map(text -> text.replaceAll(".*'([A-Z]+)'", "$1").toLowerCase())
            .forEach(called::add);
      }
    }
    assertThat(called).hasSizeGreaterThan(10);
    assertThat(Arrays.asList(read("users.acl").split("\\s+")))
        .containsAll(called.stream().map(command -> '+' + command).toList());
  }

  @Test
  void readmeNamesEachExample() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertThat(files.map(file -> "(conf-examples/" + file.getFileName() + ")"))
          .allMatch(readme::contains);
    }
  }

  private static void assertKnown(Map<String, String> environment) {
    List<String> known = Arrays.stream(ConfigKey.values()).map(ConfigKey::environmentName).toList();
    assertThat(environment.keySet().stream().filter(name -> name.startsWith("CARRYOVER_")))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  private static Map<String, Map<String, Object>> kubernetes() throws IOException {
    Map<String, Map<String, Object>> things = new LinkedHashMap<>();
    for (Object document : new Yaml().loadAll(read("kubernetes.yaml"))) {
      Map<String, Object> thing = map(document);
      things.put(thing.get("kind") + " " + map(thing.get("metadata")).get("name"), thing);
    }
    return things;
  }

  private static Map<String, String> environment(
      Map<String, Object> workload, Map<String, Object> secrets) {
    Map<String, Object> template = map(map(workload.get("spec")).get("template"));
    Map<String, Object> container =
        map(((List<?>) map(template.get("spec")).get("containers")).get(0));
    Map<String, String> environment = new HashMap<>();
    for (Object entry : (List<?>) container.get("env")) {
      Map<String, Object> variable = map(entry);
      Object value = variable.get("value");
      if (value == null) {
        Map<String, Object> from = map(map(variable.get("valueFrom")).get("secretKeyRef"));
        assertThat(from).containsEntry("name", "shop-sessions");
        value = secrets.get(from.get("key"));
      }
      environment.put((String) variable.get("name"), value.toString());
    }
    return environment;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  private static Map<String, String> params(Element root, String name) {
    Map<String, String> params = new HashMap<>();
    NodeList found = root.getElementsByTagName(name);
    for (int i = 0; i < found.getLength(); i++) {
      Element param = (Element) found.item(i);
      params.put(text(param, "param-name"), text(param, "param-value"));
    }
    return params;
  }

  private static String text(Element parent, String name) {
    return parent.getElementsByTagName(name).item(0).getTextContent();
  }

  private static Document xml(String file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(read(file))));
  }

  private static String uncommented(String text) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    lines.removeIf(line -> line.strip().startsWith("#"));
    return String.join("\n", lines) + "\n";
  }

  private static String read(String file) throws IOException {
    return Files.readString(EXAMPLES.resolve(file));
  }
}
