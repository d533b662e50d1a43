package interop;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;

/** What the server under test may lack: INTEROP_WITHOUT lists it, comma-separated. */
public final class Feature {
  private Feature() {}

  /** Skips the test when the server is known to be without what it needs. */
  public static void needs(String feature) {
    String without = System.getenv().getOrDefault("INTEROP_WITHOUT", "");
    assumeFalse(List.of(without.split(",")).contains(feature), "the server under test is without " + feature);
  }
}
