package dev.carryover.docs;

import static java.util.stream.Collectors.toCollection;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What the sources can say: their strings, joined where they are added, with a hole for whatever is
 * put in while they run.
 */
final class Messages {

  private static final char HOLE = '\0';
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{}|%[-0-9.,$]*[a-zA-Z]");

  /**
   * What an example puts into a hole: nothing, one word, a list, a cookie, a server's name and
   * version, or what has several names, none of them a plain word.
   */
  private static final Pattern VALUE =
      Pattern.compile(
          "|\\S+|\\[.*]|\\S+(; \\S+)+|[A-Z]\\w+ \\S+/\\S+|\\S*[^\\sa-z:]\\S*(: \\S*[^\\sa-z:]\\S*)+");

  private static final int FEWEST_LETTERS = 3;

  private final Set<String> templates = new HashSet<>();

  private Messages() {}

  static Messages ofSources(Path directory) throws IOException {
    Messages messages = new Messages();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> files = Files.walk(directory);
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(sources));
      for (CompilationUnitTree unit : task.parse()) {
        unit.accept(messages.new Strings(), null);
      }
    }
    return messages;
  }

  /** Whether a text is a message of the sources, or a piece of one, with examples in its holes. */
  boolean have(String text) {
    Set<String> words = Stream.of(text.split("[^a-zA-Z']+")).collect(toCollection(HashSet::new));
    words.removeIf(word -> word.length() < 3);
    return new Search(
            templates.stream()
                .filter(template -> words.stream().anyMatch(template::contains))
                .toList())
        .finds(text, true, true);
  }

  private final class Strings extends TreeScanner<Void, Void> {

    @Override
    public Void visitBinary(BinaryTree tree, Void unused) {
      if (tree.getKind() != Kind.PLUS) {
        return super.visitBinary(tree, unused);
      }
      StringBuilder template = new StringBuilder();
      for (ExpressionTree operand : operands(tree)) {
        if (operand instanceof LiteralTree literal) {
          template.append(withHoles(String.valueOf(literal.getValue())));
        } else {
          template.append(HOLE);
          scan(operand, unused);
        }
      }
      templates.add(template.toString());
      return null;
    }

    @Override
    public Void visitLiteral(LiteralTree tree, Void unused) {
      if (tree.getValue() instanceof String text) {
        templates.add(withHoles(text));
      }
      return null;
    }

    private static List<ExpressionTree> operands(ExpressionTree tree) {
      if (tree instanceof ParenthesizedTree parenthesized) {
        return operands(parenthesized.getExpression());
      }
      if (tree instanceof BinaryTree binary && tree.getKind() == Kind.PLUS) {
        List<ExpressionTree> operands = new ArrayList<>(operands(binary.getLeftOperand()));
        operands.addAll(operands(binary.getRightOperand()));
        return operands;
      }
      return List.of(tree);
    }

    private static String withHoles(String text) {
      return PLACEHOLDER.matcher(text).replaceAll(String.valueOf(HOLE));
    }
  }

  /** For one text. Not thread-safe. */
  private static final class Search {

    private final List<String> candidates;
    private final Map<String, List<String>> pieces = new HashMap<>();
    private final Map<String, Boolean> found = new HashMap<>();

    Search(List<String> candidates) {
      this.candidates = candidates;
      candidates.forEach(it -> pieces.put(it, List.of(it.split(String.valueOf(HOLE)))));
    }

    /**
     * @param startsLate whether its message may have begun before
     * @param endsEarly whether its message may go on
     */
    boolean finds(String text, boolean startsLate, boolean endsEarly) {
      String question = startsLate + "," + endsEarly + ',' + text;
      Boolean known = found.get(question);
      if (known == null) {
        found.put(question, false); // a message that has itself in a hole tells nothing
        known =
            candidates.stream().anyMatch(it -> fits(text, it, startsLate, endsEarly))
                || isJoined(text, startsLate, endsEarly);
        found.put(question, known);
      }
      return known;
    }

    /** Two with a colon between them, as who logs something puts its reason behind it. */
    private boolean isJoined(String text, boolean startsLate, boolean endsEarly) {
      for (int colon = text.indexOf(": "); colon >= 0; colon = text.indexOf(": ", colon + 1)) {
        String left = text.substring(0, colon);
        String right = text.substring(colon + 2);
        if (finds(right, false, endsEarly)
            && (VALUE.matcher(left).matches() || finds(left, startsLate, false))) {
          return true;
        }
      }
      return false;
    }

    private boolean fits(String text, String template, boolean startsLate, boolean endsEarly) {
      boolean isWhole = !startsLate && !endsEarly;
      if (isWhole && !pieces.get(template).stream().allMatch(text::contains)) {
        return false;
      }
      String withFront = HOLE + template;
      for (int at = 0; at < (startsLate ? withFront.length() : 1); at++) {
        if (isStartOfWord(withFront, at)
            && new Fit(text, withFront, startsLate, endsEarly).from(0, at, 0)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isStartOfWord(String template, int at) {
      return at == 0 || !Character.isLetter(template.charAt(at - 1));
    }

    private final class Fit {
      private final String text;
      private final String template;
      private final boolean startsLate;
      private final boolean endsEarly;
      private final Set<Integer> failed = new HashSet<>();

      Fit(String text, String template, boolean startsLate, boolean endsEarly) {
        this.text = text;
        this.template = template;
        this.startsLate = startsLate;
        this.endsEarly = endsEarly;
      }

      boolean from(int inText, int inTemplate, int letters) {
        if (inText == text.length()) {
          return letters >= FEWEST_LETTERS
              && (endsEarly || template.substring(inTemplate).chars().allMatch(c -> c == HOLE));
        }
        if (inTemplate == template.length()) {
          return false;
        }
        char c = template.charAt(inTemplate);
        if (c == HOLE) {
          int place = (letters * text.length() + inText) * template.length() + inTemplate;
          return !failed.contains(place)
              && (fromHole(inText, inTemplate, letters) || !failed.add(place));
        }
        return c == text.charAt(inText)
            && from(inText + 1, inTemplate + 1, letters + (Character.isLetter(c) ? 1 : 0));
      }

      private boolean fromHole(int inText, int inTemplate, int letters) {
        for (int end = inText; end <= text.length(); end++) {
          if (from(end, inTemplate + 1, letters) && isPutIn(inText, end)) {
            return true;
          }
        }
        return false;
      }

      private boolean isPutIn(int start, int end) {
        String value = text.substring(start, end);
        return VALUE.matcher(value).matches()
            || (value.length() < text.length()
                && finds(value, startsLate && start == 0, endsEarly && end == text.length()));
      }
    }
  }
}
