package dev.carryover.codec;

import com.esotericsoftware.kryo.util.MapReferenceResolver;
import java.util.ArrayList;
import java.util.List;

/** The objects of one value by number, so that shared ones and cycles stay what they are. */
final class References extends MapReferenceResolver {

  private final int maximum;

  /** Objects that exist, when read, only once all they refer to has been read. */
  private final List<Object> unfinished = new ArrayList<>();

  References(int maximum) {
    this.maximum = maximum;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public boolean useReferences(Class type) {
    return !JdkTypes.isUnshared(type) && !Enum.class.isAssignableFrom(type);
  }

  void begin(Object object) {
    unfinished.add(object);
  }

  /** Of the outermost object, Kryo has forgotten everything by then. */
  void end() {
    if (!unfinished.isEmpty()) {
      unfinished.remove(unfinished.size() - 1);
    }
  }

  void refuseUnfinished(Object object) {
    for (Object one : unfinished) {
      if (one == object) {
        throw new CodecException(
            "a cycle through " + object.getClass().getName() + " can't be carried");
      }
    }
  }

  @Override
  public int getWrittenId(Object object) {
    int id = super.getWrittenId(object);
    if (id >= 0 && !unfinished.isEmpty()) {
      refuseUnfinished(object);
    }
    return id;
  }

  @Override
  public int addWrittenObject(Object object) {
    int id = super.addWrittenObject(object);
    checkCount(id);
    return id;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public int nextReadId(Class type) {
    checkCount(readObjects.size());
    return super.nextReadId(type);
  }

  private void checkCount(int count) {
    if (count >= maximum) {
      throw new CodecException("more than " + maximum + " objects");
    }
  }

  /** The number of the object that is about to be read. */
  int lastReadId() {
    return readObjects.size() - 1;
  }

  int readCount() {
    return readObjects.size();
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Object getReadObject(Class type, int id) {
    Object object = id < 0 || id >= readObjects.size() ? null : readObjects.get(id);
    if (object == null) {
      throw new CodecException("a reference to an object that isn't there");
    }
    return object;
  }

  @Override
  public void reset() {
    super.reset();
    unfinished.clear();
  }
}
