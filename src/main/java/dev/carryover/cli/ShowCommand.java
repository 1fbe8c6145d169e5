package dev.carryover.cli;

import dev.carryover.codec.CodecException;
import dev.carryover.codec.ValueType;
import dev.carryover.session.SessionSearch;
import dev.carryover.store.SessionStore;
import dev.carryover.store.SessionSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows a session, and its attributes by name, type and size.")
final class ShowCommand implements Callable<Integer> {

  private static final int LONGEST_VALUE = 2_000;

  @Mixin private final Sessions sessions = new Sessions();

  @Parameters(
      paramLabel = "<id>",
      description = "The id, or what it begins with: 4 characters or more.")
  private @Nullable String id;

  @Option(
      names = "--values",
      description =
          "Shows values too, as text; of classes that are the application's own, that can't be had"
              + " here.")
  private boolean values;

  @Override
  public Integer call() throws IOException {
    try (SessionStore store = sessions.open()) {
      SessionSummary session = Sessions.only(store, String.valueOf(id));
      Map<String, byte[]> encoded = new SessionSearch(store).attributes(session.id());
      if (encoded == null) {
        throw new UserError("The session has just ended");
      }
      List<Map<String, Object>> attributes = new ArrayList<>();
      encoded.forEach((name, bytes) -> attributes.add(attribute(name, bytes)));
      Map<String, @Nullable Object> description = Sessions.describe(session);
      if (sessions.isJson()) {
        description.put("attributes", attributes);
        sessions.printJson(description);
      } else {
        print(description, attributes);
      }
    }
    return 0;
  }

  private Map<String, Object> attribute(String name, byte[] bytes) {
    Map<String, Object> attribute = new LinkedHashMap<>();
    attribute.put("name", name);
    attribute.put("type", ValueType.of(bytes));
    attribute.put("bytes", bytes.length);
    if (values) {
      attribute.put("value", text(bytes));
    }
    return attribute;
  }

  private String text(byte[] bytes) {
    try {
      String text = sessions.codec().decode(bytes).toString();
      return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
    } catch (CodecException | StackOverflowError e) {
      return "(can't be read here)";
    }
  }

  private void print(
      Map<String, @Nullable Object> description, List<Map<String, Object>> attributes) {
    Table facts = new Table("ID", "USER", "CREATED", "LAST USED", "EXPIRES");
    facts.add(Sessions.row(description));
    facts.print(sessions.out());
    sessions.out().println();
    Table table =
        values
            ? new Table("ATTRIBUTE", "TYPE", "BYTES", "VALUE")
            : new Table("ATTRIBUTE", "TYPE", "BYTES");
    for (Map<String, Object> attribute : attributes) {
      List<String> row = new ArrayList<>();
      attribute.values().forEach(value -> row.add(value.toString()));
      table.add(row);
    }
    table.print(sessions.out());
  }
}
