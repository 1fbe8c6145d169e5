package dev.carryover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carryover.testing.SampleWar;
import dev.carryover.testing.WarBuilder;
import dev.carryover.testing.WebXml;
import dev.carryover.testing.app.OperationsServlet;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** What the installer sees in a web application. */
class InspectionTest {

  private static final String JAVAX_WEB_XML =
      "<web-app xmlns='http://xmlns.jcp.org/xml/ns/javaee' version='4.0'></web-app>";

  /** A class file that ends before its first constant. */
  private static final String CUT_OFF = "CAFEBABE000000370005";

  @TempDir Path directory;

  @Test
  void ownClassesTellTheApi() throws IOException {
    assertThat(api(war().classes(OperationsServlet.class))).isEqualTo(ServletApi.JAKARTA);
    assertThat(api(war().file("WEB-INF/classes/A.class", classThatNames("javax/servlet/Filter"))))
        .isEqualTo(ServletApi.JAVAX);
  }

  /** Tomcat 10 takes descriptors of the old namespace too. */
  @Test
  void oldDescriptorDoesNotMakeNewClassesOld() throws IOException {
    assertThat(api(war().classes(OperationsServlet.class).webXml(JAVAX_WEB_XML)))
        .isEqualTo(ServletApi.JAKARTA);
  }

  @Test
  void librariesTellWhereThereAreNoClasses() throws IOException {
    assertThat(api(war().lib(library("new", "jakarta/servlet/Filter")).webXml(JAVAX_WEB_XML)))
        .isEqualTo(ServletApi.JAKARTA);
    assertThat(api(war().lib(library("old", "javax/servlet/Filter")))).isEqualTo(ServletApi.JAVAX);
  }

  @Test
  void namespaceTellsWhereNothingElseDoes() throws IOException {
    assertThat(api(war().webXml(JAVAX_WEB_XML))).isEqualTo(ServletApi.JAVAX);
    assertThat(
            api(
                war()
                    .webXml(WebXml.with())
                    .lib(library("a", "javax/servlet/Filter"))
                    .lib(library("b", "jakarta/servlet/Filter"))))
        .isEqualTo(ServletApi.JAKARTA);
  }

  @Test
  void whatIsNotClearIsAsked() {
    assertThatThrownBy(
            () ->
                api(
                    war()
                        .webXml(JAVAX_WEB_XML)
                        .lib(library("a", "javax/servlet/Filter"))
                        .lib(library("b", "jakarta/servlet/Filter"))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("web.xml, libraries a.jar")
        .hasMessageContaining("libraries b.jar")
        .hasMessageContaining("--servlet-api=javax");
    assertThatThrownBy(() -> api(war().file("WEB-INF/a.txt", "text")))
        .isInstanceOf(UserError.class);
    assertThatThrownBy(
            () ->
                api(
                    war()
                        .webXml(WebXml.with())
                        .file("WEB-INF/classes/A.class", classThatNames("javax/servlet/Filter"))))
        .isInstanceOf(UserError.class);
  }

  @Test
  void sampleIsReportedAsItIs() throws IOException {
    Path war = SampleWar.build(directory.resolve("app.war"), false);
    String report = String.join("\n", inspection(war).report(ServletApi.JAKARTA));
    assertThat(report)
        .contains("legacyshop.SessionCounter (HttpSessionListener)")
        .contains("legacyshop.AttributeLogger (HttpSessionAttributeListener)")
        .doesNotContain("CONFLICT");
  }

  @Test
  void whatIsNotSerializableIsNamedWithWhoSetsIt() throws IOException {
    Path war = war().classes(InspectionTest.class).build(directory.resolve("beans.war"));
    assertThat(inspection(war).classes().notSerializable().keySet())
        .containsExactlyInAnyOrder(
            NewBean.class.getName(),
            ReturnedBean.class.getName(),
            FieldBean.class.getName(),
            VariableBean.class.getName());
  }

  @Test
  void formLoginDistributableAndConflictsAreSeen() throws IOException {
    Path war =
        war()
            .webXml(
                WebXml.with(
                    "<distributable/><login-config><auth-method>FORM</auth-method></login-config>",
                    "<filter><filter-name>h</filter-name>"
                        + "<filter-class>com.hazelcast.web.WebFilter</filter-class></filter>"))
            .file(
                "WEB-INF/shiro.ini", "s=org.apache.shiro.web.session.mgt.DefaultWebSessionManager")
            .file(
                "WEB-INF/classes/A.class",
                classThatNames("org/springframework/session/data/redis/X"))
            .file("META-INF/ACME.SF", "")
            .build(directory.resolve("conflicts.war"));
    assertThat(String.join("\n", inspection(war).report(ServletApi.JAKARTA)))
        .contains("FORM", ", <distributable/>", "Spring Session", "Hazelcast", "Shiro", "ACME.SF");
  }

  @Test
  void theNameOfALoggerIsNoConflict() throws IOException {
    Path war =
        war()
            .file("WEB-INF/classes/logback.xml", "<logger name='org.springframework.session.web'/>")
            .build(directory.resolve("logger.war"));
    assertThat(String.join("\n", inspection(war).report(ServletApi.JAKARTA)))
        .doesNotContain("CONFLICT");
  }

  @Test
  void whatCannotBeReadIsNamedAndStopsNothing() throws IOException {
    Path latin = directory.resolve("latin.jar");
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(latin), StandardCharsets.ISO_8859_1)) {
      zip.putNextEntry(new ZipEntry("\u00fcber.txt"));
      zip.closeEntry();
    }
    Path cut = Files.write(directory.resolve("Cut.class"), HexFormat.of().parseHex(CUT_OFF));
    Path war =
        war()
            .classes(OperationsServlet.class)
            .lib(latin)
            .lib(Files.writeString(directory.resolve("text.jar"), "no archive"))
            .file("WEB-INF/classes/Cut.class", cut)
            .lib(WarBuilder.war().file("Cut.class", cut).build(directory.resolve("cut.jar")))
            .build(directory.resolve("odd.war"));
    Inspection inspection = inspection(war);
    assertThat(inspection.api()).isEqualTo(ServletApi.JAKARTA);
    assertThat(inspection.classes().unread())
        .containsExactly("WEB-INF/lib/latin.jar", "WEB-INF/lib/text.jar");
    assertThat(String.join("\n", inspection.report(ServletApi.JAKARTA)))
        .contains("not looked into   WEB-INF/lib/latin.jar, WEB-INF/lib/text.jar");
  }

  @Test
  void companionsOfTheApiTellToo() throws IOException {
    for (String name : List.of("faces/X", "ejb/X", "enterprise/X")) {
      assertThat(
              api(
                  war()
                      .file("WEB-INF/classes/A.class", classThatNames("javax/" + name))
                      .lib(library("new", "jakarta/servlet/Filter"))))
          .isEqualTo(ServletApi.JAVAX);
    }
  }

  private ServletApi api(WarBuilder war) throws IOException {
    return inspection(war.build(directory.resolve("app.war"))).api();
  }

  private static Inspection inspection(Path war) throws IOException {
    return Inspection.of(WebApp.open(war));
  }

  private static WarBuilder war() {
    return WarBuilder.war().file("WEB-INF/marker.txt", "");
  }

  private Path library(String name, String names) {
    return WarBuilder.war()
        .file("lib/A.class", classThatNames(names))
        .build(directory.resolve(name + ".jar"));
  }

  /** A class that has nothing but a parent. */
  private Path classThatNames(String parent) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V11, Opcodes.ACC_PUBLIC, "A", null, parent, null);
    writer.visitEnd();
    try {
      return Files.write(Files.createTempFile(directory, "A", ".class"), writer.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Never run: its code is read. */
  static final class Setter {
    private FieldBean field;

    void set(HttpSession session, boolean condition) {
      session.setAttribute("new", new NewBean());
      session.setAttribute("returned", returned());
      session.setAttribute("field", field);
      VariableBean variable = new VariableBean();
      switch (condition ? 1 : 2) {
        case 1, 2, 3 -> session.setAttribute("variable", variable);
        default -> session.setAttribute("default", "text");
      }
      switch (String.valueOf(condition)) {
        case "a" -> session.setAttribute("a", new GoodBean());
        default -> session.setAttribute("b", new ChildOfGoodBean());
      }
      List<Object> list = new ArrayList<>();
      session.setAttribute("list", list);
      session.setAttribute("count", 5);
      new UnusedBean();
    }

    private ReturnedBean returned() {
      return new ReturnedBean();
    }
  }

  static final class NewBean {}

  static final class ReturnedBean {}

  static final class FieldBean {}

  static final class VariableBean {}

  static final class UnusedBean {}

  static class GoodBean implements Serializable {}

  static final class ChildOfGoodBean extends GoodBean {}
}
