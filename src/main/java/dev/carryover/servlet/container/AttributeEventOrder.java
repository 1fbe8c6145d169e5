package dev.carryover.servlet.container;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a container tells of attributes that are set and removed: which of {@code valueBound}, {@code
 * valueUnbound} and the attribute listeners' events come, when, and with what as the event's value.
 * The specification leaves most of it open, and applications have come to rely on their container.
 * Immutable.
 */
public class AttributeEventOrder {

  /** What happens in one step. */
  public enum Step {
    /** The change can be seen by {@code getAttribute}. */
    STORE(Carried.NOTHING),
    /** The new value hears {@code valueBound}, if it listens; the event has the value. */
    BOUND(Carried.NEW_VALUE),
    /** The new value hears {@code valueBound}, if it listens; the event's value is null. */
    BOUND_WITHOUT_VALUE(Carried.NOTHING),
    /** The old value hears {@code valueUnbound}, if it listens; the event has the old value. */
    UNBOUND(Carried.OLD_VALUE),
    /** The old value hears {@code valueUnbound}, if it listens; the event's value is null. */
    UNBOUND_WITHOUT_VALUE(Carried.NOTHING),
    /** The attribute listeners hear {@code attributeAdded}, with the new value. */
    ADDED(Carried.NEW_VALUE),
    /** The attribute listeners hear {@code attributeReplaced}, with the old value. */
    REPLACED(Carried.OLD_VALUE),
    /** The attribute listeners hear {@code attributeReplaced}, with the new value. */
    REPLACED_WITH_NEW_VALUE(Carried.NEW_VALUE),
    /** The attribute listeners hear {@code attributeRemoved}, with the old value. */
    REMOVED(Carried.OLD_VALUE);

    private final Carried carried;

    Step(Carried carried) {
      this.carried = carried;
    }

    /** The value that this step's event carries. */
    public @Nullable Object value(@Nullable Object oldValue, @Nullable Object newValue) {
      switch (carried) {
        case OLD_VALUE:
          return oldValue;
        case NEW_VALUE:
          return newValue;
        default:
          return null;
      }
    }

    private enum Carried {
      NOTHING,
      OLD_VALUE,
      NEW_VALUE
    }
  }

  /** What a container takes for the value that was there before. */
  private enum Unchanged {
    SAME,
    EQUAL
  }

  private static final List<Step> STORE_ONLY = List.of(Step.STORE);

  private final List<Step> added;
  private final List<Step> replaced;
  private final List<Step> replacedByBindingListener;
  private final List<Step> removed;
  private final Unchanged unchanged;
  private final List<Step> unchangedSteps;
  private final boolean readableAtTheEnd;

  private AttributeEventOrder(
      List<Step> added,
      List<Step> replaced,
      List<Step> replacedByBindingListener,
      List<Step> removed,
      Unchanged unchanged,
      List<Step> unchangedSteps,
      boolean readableAtTheEnd) {
    this.added = added;
    this.replaced = replaced;
    this.replacedByBindingListener = replacedByBindingListener;
    this.removed = removed;
    this.unchanged = unchanged;
    this.unchangedSteps = unchangedSteps;
    this.readableAtTheEnd = readableAtTheEnd;
  }

  /**
   * The steps of {@code setAttribute}.
   *
   * @param oldValue null if the attribute is new
   * @param isBindingListener whether the new value is an {@code HttpSessionBindingListener}
   */
  public List<Step> onSet(@Nullable Object oldValue, Object newValue, boolean isBindingListener) {
    if (oldValue == null) {
      return added;
    }
    if (isUnchanged(oldValue, newValue)) {
      return unchangedSteps;
    }
    return isBindingListener ? replacedByBindingListener : replaced;
  }

  /** The steps of {@code removeAttribute}, of an attribute that is there. */
  public List<Step> onRemove() {
    return removed;
  }

  /** The steps of {@code removeAttribute} where there is none of the name. */
  public List<Step> onRemoveOfNothing() {
    return STORE_ONLY;
  }

  /**
   * The steps for each attribute at the end of a session, after {@code sessionDestroyed} and before
   * any is removed.
   */
  public List<Step> onEnd() {
    return List.of();
  }

  /**
   * Whether the attributes can still be read while, at the end of a session and after {@code
   * sessionDestroyed}, its values are unbound one by one. Otherwise {@code getAttribute} throws an
   * {@code IllegalStateException} there.
   */
  public boolean isReadableAtTheEnd() {
    return readableAtTheEnd;
  }

  private boolean isUnchanged(Object oldValue, Object newValue) {
    return oldValue == newValue
        || (unchanged == Unchanged.EQUAL && Objects.equals(oldValue, newValue));
  }

  /** What the specification has: a value is bound before it can be read, unbound after. */
  static AttributeEventOrder specified() {
    List<Step> replaced = List.of(Step.BOUND, Step.STORE, Step.UNBOUND, Step.REPLACED);
    return new AttributeEventOrder(
        List.of(Step.BOUND, Step.STORE, Step.ADDED),
        replaced,
        replaced,
        List.of(Step.STORE, Step.UNBOUND, Step.REMOVED),
        Unchanged.SAME,
        List.of(Step.STORE, Step.REPLACED),
        true);
  }

  /**
   * Tomcat's: one event is made for {@code valueBound} and used again for the attribute listeners.
   *
   * @param tellsBindingListeners of the same value set again; not unless configured
   * @param tellsAttributeListeners of the same value set again; unless configured
   */
  static AttributeEventOrder tomcat(
      boolean tellsBindingListeners, boolean tellsAttributeListeners) {
    return new AttributeEventOrder(
        List.of(Step.BOUND, Step.STORE, Step.ADDED),
        List.of(Step.STORE, Step.UNBOUND_WITHOUT_VALUE, Step.REPLACED),
        List.of(Step.BOUND, Step.STORE, Step.UNBOUND_WITHOUT_VALUE, Step.REPLACED_WITH_NEW_VALUE),
        List.of(Step.STORE, Step.UNBOUND, Step.REMOVED),
        Unchanged.SAME,
        tomcatUnchanged(tellsBindingListeners, tellsAttributeListeners),
        false);
  }

  private static List<Step> tomcatUnchanged(boolean binding, boolean attribute) {
    if (binding) {
      return attribute
          ? List.of(Step.BOUND, Step.STORE, Step.UNBOUND_WITHOUT_VALUE, Step.REPLACED)
          : List.of(Step.BOUND, Step.STORE, Step.UNBOUND_WITHOUT_VALUE);
    }
    return attribute ? List.of(Step.STORE, Step.REPLACED) : STORE_ONLY;
  }

  /** Jetty's: binding events without a value, and silence if the values are equal. */
  static AttributeEventOrder jetty() {
    List<Step> replaced =
        List.of(Step.STORE, Step.UNBOUND_WITHOUT_VALUE, Step.BOUND_WITHOUT_VALUE, Step.REPLACED);
    return new AttributeEventOrder(
        List.of(Step.STORE, Step.BOUND_WITHOUT_VALUE, Step.ADDED),
        replaced,
        replaced,
        List.of(Step.STORE, Step.UNBOUND_WITHOUT_VALUE, Step.REMOVED),
        Unchanged.EQUAL,
        STORE_ONLY,
        true);
  }

  /** Undertow's: attribute listeners first, and the same value set again is bound again. */
  static AttributeEventOrder undertow() {
    List<Step> replaced = List.of(Step.STORE, Step.UNBOUND, Step.REPLACED, Step.BOUND);
    return new AttributeEventOrder(
        List.of(Step.STORE, Step.ADDED, Step.BOUND),
        replaced,
        replaced,
        List.of(Step.STORE, Step.REMOVED, Step.UNBOUND),
        Unchanged.SAME,
        List.of(Step.STORE, Step.BOUND),
        true);
  }

  /**
   * Open Liberty's: the old value hears first. What was not there is told as removed, and at the
   * end of a session values are told twice.
   */
  static AttributeEventOrder liberty() {
    List<Step> replaced = List.of(Step.STORE, Step.UNBOUND, Step.BOUND, Step.REPLACED);
    return new AttributeEventOrder(
        List.of(Step.STORE, Step.BOUND, Step.ADDED),
        replaced,
        replaced,
        List.of(Step.STORE, Step.UNBOUND, Step.REMOVED),
        Unchanged.SAME,
        replaced,
        true) {
      @Override
      public List<Step> onRemoveOfNothing() {
        return List.of(Step.STORE, Step.REMOVED);
      }

      @Override
      public List<Step> onEnd() {
        return List.of(Step.UNBOUND_WITHOUT_VALUE);
      }
    };
  }
}
