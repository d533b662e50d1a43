package interop;

import java.util.function.BooleanSupplier;

/** Waits for what must come. Nothing is asserted about how soon it comes. */
public final class Eventually {
  private static final int ATTEMPTS = 600;
  private static final int ATTEMPT_MILLIS = 50;

  private Eventually() {}

  public static void holds(String question, BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (condition.getAsBoolean()) return;
      Thread.sleep(ATTEMPT_MILLIS);
    }
    throw new AssertionError("never came true: " + question);
  }
}
