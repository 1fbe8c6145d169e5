package dev.carryover.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** What a web.xml of whatever age says. Nothing outside the file is loaded for it. */
final class WebXml {

  static final String FILTER_CLASS = "dev.carryover.SessionFilter";
  private static final String DTD_VERSION = "2.3";

  private final Document document;

  private WebXml(Document document) {
    this.document = document;
  }

  /**
   * Reads it.
   *
   * @throws UserError if it is not well-formed
   */
  static WebXml parse(byte[] content) {
    try {
      Document document = builder().parse(new ByteArrayInputStream(content));
      if (!"web-app".equals(document.getDocumentElement().getLocalName())) {
        throw new UserError("WEB-INF/web.xml has another root than web-app");
      }
      return new WebXml(document);
    } catch (SAXException | IOException e) {
      throw new UserError("WEB-INF/web.xml can't be read: " + e.getMessage(), e);
    }
  }

  /** That of a web application, if it has one. */
  static Optional<WebXml> of(WebApp app) throws IOException {
    return app.has(Inspection.WEB_XML)
        ? Optional.of(parse(app.read(Inspection.WEB_XML)))
        : Optional.empty();
  }

  private static DocumentBuilder builder() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setNamespaceAware(true);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      builder.setErrorHandler(new Strict());
      return builder;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("Every Java platform reads XML", e);
    }
  }

  /** The version of the Servlet specification it was written for, such as {@code 3.1}. */
  String version() {
    String version = document.getDocumentElement().getAttribute("version");
    if (!version.isEmpty()) {
      return version;
    }
    String publicId = document.getDoctype() == null ? null : document.getDoctype().getPublicId();
    return publicId != null && publicId.contains("2.2") ? "2.2" : DTD_VERSION;
  }

  /** Whether its version is this one or later. */
  boolean isAtLeast(double version) {
    try {
      return Double.parseDouble(version()) >= version;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** The API that its namespace or document type belongs to, if it has one that is known. */
  Optional<ServletApi> api() {
    String namespace = document.getDocumentElement().getNamespaceURI();
    if (namespace == null) {
      return document.getDoctype() == null ? Optional.empty() : Optional.of(ServletApi.JAVAX);
    }
    if (namespace.startsWith("https://jakarta.ee/")) {
      return Optional.of(ServletApi.JAKARTA);
    }
    return namespace.startsWith("http://java.sun.com/")
            || namespace.startsWith("http://xmlns.jcp.org/")
        ? Optional.of(ServletApi.JAVAX)
        : Optional.empty();
  }

  /** Whether containers leave jars out that it does not name, and with them our initializer. */
  boolean leavesUnnamedJarsOut() {
    return roots("absolute-ordering").stream()
        .anyMatch(ordering -> children(ordering, "others").isEmpty());
  }

  boolean declaresOurFilter() {
    return ourFilter() != null;
  }

  boolean isDistributable() {
    return !roots("distributable").isEmpty();
  }

  boolean isMetadataComplete() {
    return "true".equals(document.getDocumentElement().getAttribute("metadata-complete"));
  }

  boolean hasFormLogin() {
    return roots("login-config").stream()
        .anyMatch(login -> "FORM".equalsIgnoreCase(text(login, "auth-method")));
  }

  /** The classes of its listeners, in their order. */
  List<String> listeners() {
    return texts("listener", "listener-class");
  }

  List<String> filterClasses() {
    return texts("filter", "filter-class");
  }

  List<String> filterNames() {
    return texts("filter", "filter-name");
  }

  Optional<String> ourFilterName() {
    return Optional.ofNullable(ourFilter()).map(filter -> text(filter, "filter-name"));
  }

  /** The names of its filters as requests meet them: first those that are mapped to URLs. */
  List<String> filterOrder() {
    return Stream.of("url-pattern", "servlet-name")
        .flatMap(by -> roots("filter-mapping").stream().filter(it -> !children(it, by).isEmpty()))
        .map(mapping -> text(mapping, "filter-name"))
        .distinct()
        .collect(Collectors.toList());
  }

  Map<String, String> contextParams() {
    return params(roots("context-param"));
  }

  /** The init-params of our filter. */
  Map<String, String> ourInitParams() {
    Element filter = ourFilter();
    return filter == null ? Map.of() : params(children(filter, "init-param"));
  }

  private @Nullable Element ourFilter() {
    return roots("filter").stream()
        .filter(filter -> FILTER_CLASS.equals(text(filter, "filter-class")))
        .findFirst()
        .orElse(null);
  }

  private static Map<String, String> params(List<Element> elements) {
    Map<String, String> params = new LinkedHashMap<>();
    elements.forEach(param -> params.put(text(param, "param-name"), text(param, "param-value")));
    return params;
  }

  private List<String> texts(String element, String child) {
    return roots(element).stream()
        .map(found -> text(found, child))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.toList());
  }

  private List<Element> roots(String name) {
    return children(document.getDocumentElement(), name);
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element && name.equals(node.getLocalName())) {
        found.add((Element) node);
      }
    }
    return found;
  }

  /** The text of the first such child; empty if there is none. */
  private static String text(Element parent, String name) {
    return children(parent, name).stream()
        .findFirst()
        .map(child -> child.getTextContent().strip())
        .orElse("");
  }

  /** Prints nothing, unlike the parser's own. */
  private static final class Strict implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) {}

    @Override
    public void error(SAXParseException e) {}

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}
