package dev.carryover.codec;

import java.io.Externalizable;

/** How the content of a class's objects is laid out in the bytes. */
enum Form {
  /** Field by field, class by class; see {@link Description}. */
  FIELDS(0),
  /** What {@code writeExternal} wrote, in chunks. */
  EXTERNAL(1),
  /** The name of a constant. */
  ENUM(2),
  /** A count and the elements. */
  ARRAY(3);

  /** Stands next to the form where a class writes by its own {@code writeObject}. */
  static final int CUSTOM = 4;

  /** Stands next to the form where a serialVersionUID follows. */
  static final int UID = 8;

  /** In the bytes. */
  final int number;

  Form(int number) {
    this.number = number;
  }

  static Form of(Class<?> type) {
    if (type.isArray()) {
      return ARRAY;
    }
    if (Enum.class.isAssignableFrom(type)) {
      return ENUM;
    }
    return Externalizable.class.isAssignableFrom(type) ? EXTERNAL : FIELDS;
  }

  static Form in(int flags) {
    if (flags < 0 || flags > (UID | CUSTOM | 3)) {
      throw new CodecException("a class of unknown form");
    }
    switch (flags & 3) {
      case 0:
        return FIELDS;
      case 1:
        return EXTERNAL;
      case 2:
        return ENUM;
      default:
        return ARRAY;
    }
  }
}
