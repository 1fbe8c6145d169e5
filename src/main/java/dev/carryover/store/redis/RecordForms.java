package dev.carryover.store.redis;

import dev.carryover.codec.Sealing;
import dev.carryover.config.Secrets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The forms that this node knows. New records are written in the first; others are read, written to
 * as they are, and put into the first by and by. A form's place counts from 1, as in the scripts.
 */
final class RecordForms {

  private final List<RecordForm> inOrder;

  private RecordForms(List<RecordForm> inOrder) {
    this.inOrder = inOrder;
  }

  static RecordForms of(Secrets secrets, String namespace) {
    return new RecordForms(
        secrets.inOrder().stream()
            .map(secret -> form(secret, namespace))
            .collect(Collectors.toUnmodifiableList()));
  }

  private static RecordForm form(String secret, String namespace) {
    return secret.equals(Secrets.UNSEALED)
        ? new PlainForm()
        : new SealedForm(new Sealing(secret, namespace));
  }

  /** How many there are. */
  int count() {
    return inOrder.size();
  }

  RecordForm first() {
    return inOrder.get(0);
  }

  RecordForm at(long place) {
    return inOrder.get((int) place - 1);
  }

  long placeOf(RecordForm form) {
    return inOrder.indexOf(form) + 1L;
  }

  List<RecordForm> inOrder() {
    return inOrder;
  }

  /** The names that a session may have. */
  List<String> names(String id) {
    if (inOrder.size() == 1) {
      return List.of(first().name(id));
    }
    return inOrder.stream().map(form -> form.name(id)).collect(Collectors.toUnmodifiableList());
  }

  /** The form of the record that has this name; null if this node does not know it. */
  @Nullable RecordForm of(String name) {
    return inOrder.stream().filter(form -> form.isName(name)).findFirst().orElse(null);
  }
}
