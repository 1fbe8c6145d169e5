package dev.carryover.servlet.container;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What web.xml says of logins, of whatever version and namespace it is. */
final class WebXmlLogin {

  private static final Logger log = LoggerFactory.getLogger(WebXmlLogin.class);
  private static final String WEB_XML = "/WEB-INF/web.xml";

  private WebXmlLogin() {}

  /** Whether users log in by a form; false too if web.xml is not there or can't be read. */
  static boolean isForm(ServletContext context) {
    try (InputStream in = context.getResourceAsStream(WEB_XML)) {
      return in != null && "FORM".equals(authMethod(in));
    } catch (IOException | XMLStreamException e) {
      log.debug("{} can't be read: {}", WEB_XML, e.toString());
      return false;
    }
  }

  private static @Nullable String authMethod(InputStream webXml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    // A document type is the container's business; nothing is fetched for it.
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
    XMLStreamReader reader = factory.createXMLStreamReader(webXml);
    try {
      boolean inLogin = false;
      while (reader.hasNext()) {
        int event = reader.next();
        boolean starts = event == XMLStreamConstants.START_ELEMENT;
        if (starts && inLogin && reader.getLocalName().equals("auth-method")) {
          return reader.getElementText().strip().toUpperCase(Locale.ROOT);
        }
        if (starts || event == XMLStreamConstants.END_ELEMENT) {
          inLogin = reader.getLocalName().equals("login-config") ? starts : inLogin;
        }
      }
      return null;
    } finally {
      reader.close();
    }
  }
}
