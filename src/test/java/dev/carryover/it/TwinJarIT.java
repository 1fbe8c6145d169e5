package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** The javax jar beside the jakarta jar: the same, but for the name of the API. */
class TwinJarIT {

  private static final String JAKARTA = System.getProperty("carryover-test.all-jar");
  private static final String JAVAX = System.getProperty("carryover-test.javax-all-jar");

  /** As a library that knows what classes are would rename them. */
  @Test
  void classesDifferInTheNameOfTheApiOnly() throws IOException {
    Map<String, byte[]> jakarta = entries(JAKARTA);
    Map<String, byte[]> javax = entries(JAVAX);
    assertThat(javax.keySet()).containsExactlyElementsOf(jakarta.keySet());
    int renamed = 0;
    for (var entry : jakarta.entrySet()) {
      String name = entry.getKey();
      if (name.matches("META-INF/services/(javax|jakarta)\\.servlet\\..*")) {
        assertThat(javax.get(name)).as(name).isEqualTo(jakarta.get(otherApi(name)));
      } else if (name.matches("dev/carryover/(?!shaded/).*\\.class")) {
        assertThat(canonical(javax.get(name), false))
            .as(name)
            .isEqualTo(canonical(entry.getValue(), true));
        renamed += Arrays.equals(javax.get(name), entry.getValue()) ? 0 : 1;
      } else {
        assertThat(javax.get(name)).as(name).isEqualTo(entry.getValue());
      }
    }
    assertThat(renamed).isGreaterThan(30);
  }

  private static Map<String, byte[]> entries(String jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(Path.of(jar)))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    }
    return entries;
  }

  private static byte[] canonical(byte[] classFile, boolean renamed) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(new ClassRemapper(writer, new Names(renamed)), 0);
    return writer.toByteArray();
  }

  private static String otherApi(String name) {
    return name.contains("jakarta")
        ? name.replace("jakarta", "javax")
        : name.replace("javax", "jakarta");
  }

  private static final class Names extends Remapper {
    private final boolean renamed;

    Names(boolean renamed) {
      super(Opcodes.ASM9);
      this.renamed = renamed;
    }

    @Override
    public String map(String internalName) {
      return renamed && internalName.matches("(jakarta|javax)/servlet/.*")
          ? otherApi(internalName)
          : internalName;
    }

    @Override
    public Object mapValue(Object value) {
      return renamed
              && value instanceof String text
              && text.matches("(?s)(jakarta|javax)\\.servlet\\b.*")
          ? otherApi(text)
          : super.mapValue(value);
    }
  }
}
