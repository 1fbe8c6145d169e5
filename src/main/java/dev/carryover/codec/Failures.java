package dev.carryover.codec;

/** Which failures stay failures of one value, and which concern the whole JVM. */
final class Failures {

  private Failures() {}

  /**
   * The failure given, unless it is the JVM's own (out of memory): that is thrown. A stack overflow
   * is a value's fault and returned; so is an internal error, which the JDK's immutable maps throw
   * for bytes they could not have written.
   */
  static Throwable unlessFatal(Throwable failure) {
    if (failure instanceof VirtualMachineError
        && !(failure instanceof StackOverflowError)
        && !(failure instanceof InternalError)) {
      throw (VirtualMachineError) failure;
    }
    return failure;
  }
}
