package dev.carryover.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * What the jar for javax containers calls of the Servlet API is there in its oldest version, 3.1,
 * or is guarded: no container that has it all would tell.
 */
class ServletApiIT {

  /** Called where a {@code NoSuchMethodError} is expected. */
  private static final Set<String> GUARDED =
      Set.of(
          "javax/servlet/ServletContext.getSessionTimeout()I",
          "javax/servlet/SessionCookieConfig.getAttributes()Ljava/util/Map;",
          "javax/servlet/ServletRequest.getRequestId()Ljava/lang/String;");

  /** What Servlet 6.0 has removed, and nobody calls: its type can't be in a signature of ours. */
  private static final Set<String> LEFT_OUT =
      Set.of("dev/carryover/servlet/HttpSessionAdapter.getSessionContext");

  @Test
  void everyMethodThatIsCalledIsInServlet31() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (byte[] type : ourClasses()) {
      new ClassReader(type).accept(new Calls(missing), ClassReader.SKIP_DEBUG);
    }
    assertThat(missing).isSubsetOf(GUARDED).isNotEmpty();
  }

  @Test
  void everyAbstractMethodOfServlet31IsThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (byte[] type : ourClasses()) {
      ClassReader reader = new ClassReader(type);
      if ((reader.getAccess() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_INTERFACE)) == 0) {
        addMissing(reader, missing);
      }
    }
    assertThat(missing).isEqualTo(LEFT_OUT);
  }

  private static void addMissing(ClassReader reader, Set<String> missing) {
    Set<String> own = new TreeSet<>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            own.add(name + descriptor);
            return null;
          }
        },
        ClassReader.SKIP_CODE);
    for (String api : reader.getInterfaces()) {
      if (isApi(api)) {
        for (var method : api(api).getMethods()) {
          boolean isThere = own.contains(method.getName() + Type.getMethodDescriptor(method));
          if (!method.isDefault() && !isThere) {
            missing.add(reader.getClassName() + '.' + method.getName());
          }
        }
      }
    }
  }

  private static List<byte[]> ourClasses() throws IOException {
    List<byte[]> classes = new ArrayList<>();
    try (ZipFile jar =
        new ZipFile(Path.of(System.getProperty("carryover-test.javax-all-jar")).toFile())) {
      for (ZipEntry entry : jar.stream().toArray(ZipEntry[]::new)) {
        String name = entry.getName();
        if (name.matches("dev/carryover/(?!shaded/|WrongContainer).*\\.class")) {
          try (InputStream in = jar.getInputStream(entry)) {
            classes.add(in.readAllBytes());
          }
        }
      }
    }
    assertThat(classes).isNotEmpty();
    return classes;
  }

  private static boolean isApi(String internalName) {
    return internalName.startsWith("javax/servlet/");
  }

  private static Class<?> api(String internalName) {
    try {
      return Class.forName(
          internalName.replace('/', '.'), false, ServletApiIT.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("Not in Servlet 3.1: " + internalName, e);
    }
  }

  /** Collects the calls of methods that the API does not have. */
  private static final class Calls extends ClassVisitor {
    private final Set<String> missing;

    private Calls(Set<String> missing) {
      super(Opcodes.ASM9);
      this.missing = missing;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String method, String parameters, boolean isInterface) {
          if (isApi(owner) && !method.startsWith("<") && !isIn(api(owner), method, parameters)) {
            missing.add(owner + '.' + method + parameters);
          }
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
          if (isApi(type)) {
            api(type);
          }
        }
      };
    }

    /** In the type or in one above it, of whatever visibility. */
    private static boolean isIn(Class<?> type, String method, String parameters) {
      for (Class<?> at = type; at != null; at = at.getSuperclass()) {
        for (var known : at.getDeclaredMethods()) {
          if (known.getName().equals(method)
              && Type.getMethodDescriptor(known).equals(parameters)) {
            return true;
          }
        }
      }
      for (var known : type.getMethods()) {
        if (known.getName().equals(method) && Type.getMethodDescriptor(known).equals(parameters)) {
          return true;
        }
      }
      return false;
    }
  }
}
