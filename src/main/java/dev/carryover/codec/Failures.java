package dev.carryover.codec;

/** Which failures stay failures of one value, and which concern the whole JVM. */
final class Failures {

  private Failures() {}

  /**
   * The failure given, unless the JVM is out of memory or worse: that is thrown. A stack overflow
   * is a value's fault and returned, and so is an internal error: classes of the JDK throw it
   * themselves at contents they do not like.
   */
  static Throwable unlessFatal(Throwable failure) {
    boolean ofValue = failure instanceof StackOverflowError || failure instanceof InternalError;
    if (failure instanceof VirtualMachineError && !ofValue) {
      throw (VirtualMachineError) failure;
    }
    return failure;
  }
}
