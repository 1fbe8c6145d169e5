package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What web.xml says where no API tells, of whatever version and namespace it is. */
final class WebXmlText {

  private static final Logger log = LoggerFactory.getLogger(WebXmlText.class);
  private static final String WEB_XML = "/WEB-INF/web.xml";

  private WebXmlText() {}

  /** Whether users log in by a form; false too if web.xml is not there or can't be read. */
  static boolean isForm(ServletContext context) {
    return "FORM".equalsIgnoreCase(of(context, "login-config", "auth-method"));
  }

  /** The text of the first such element; null if there is none, or web.xml can't be read. */
  static @Nullable String of(ServletContext context, String parent, String element) {
    List<String> all = all(context, parent, element);
    return all.isEmpty() ? null : all.get(0);
  }

  /** The texts of all such elements; none if there is none, or web.xml can't be read. */
  static List<String> all(ServletContext context, String parent, String element) {
    try (InputStream in = context.getResourceAsStream(WEB_XML)) {
      return in == null ? List.of() : texts(in, parent, element);
    } catch (IOException | XMLStreamException e) {
      log.debug("{} can't be read: {}", WEB_XML, e.toString());
      return List.of();
    }
  }

  private static List<String> texts(InputStream webXml, String parent, String element)
      throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    // A document type is the container's business; nothing is fetched for it.
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
    XMLStreamReader reader = factory.createXMLStreamReader(webXml);
    try {
      List<String> texts = new ArrayList<>();
      boolean inParent = false;
      while (reader.hasNext()) {
        int event = reader.next();
        boolean starts = event == XMLStreamConstants.START_ELEMENT;
        if (starts && inParent && reader.getLocalName().equals(element)) {
          texts.add(reader.getElementText().strip());
        } else if (starts || event == XMLStreamConstants.END_ELEMENT) {
          inParent = reader.getLocalName().equals(parent) ? starts : inParent;
        }
      }
      return texts;
    } finally {
      reader.close();
    }
  }
}
