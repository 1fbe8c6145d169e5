package contract;

import jakarta.servlet.WriteListener;

/** Waits for nothing. */
final class NoWriting implements WriteListener {

  @Override
  public void onWritePossible() {}

  @Override
  public void onError(Throwable failure) {}
}
