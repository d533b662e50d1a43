package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What becomes of three candidates for one lease: who leads, and whether two ever did at once. */
public final class Election {
  public static final int CANDIDATES = 3;
  private static final int RISING_SECONDS = 30;

  /** A way to stand for the lease with one of the clients. */
  public interface Candidate {
    /** Stops renewing and says so to nobody. */
    void kill();

    /** Gives the lease back; its holder has already stopped to lead. */
    void release();
  }

  /** The ways in which a leader's rule may end. */
  public enum Ending {
    KILL,
    RELEASE
  }

  private final Map<String, Candidate> candidates = new HashMap<>();
  private final BlockingQueue<String> risen = new LinkedBlockingQueue<>();
  private final List<String> leading = new ArrayList<>();
  private final List<String> overlaps = new ArrayList<>();

  public synchronized void enter(String identity, Candidate candidate) {
    candidates.put(identity, candidate);
  }

  public synchronized void started(String identity) {
    for (String other : leading) overlaps.add(identity + " began to lead while " + other + " was leading");
    leading.add(identity);
    risen.add(identity);
  }

  public synchronized void stopped(String identity) {
    leading.remove(identity);
  }

  /** The next one to lead, once it does. */
  public String awaitLeader() throws InterruptedException {
    String leader = risen.poll(RISING_SECONDS, TimeUnit.SECONDS);
    if (leader == null) throw new AssertionError("nobody rose within " + RISING_SECONDS + " seconds");
    return leader;
  }

  public void end(String leader, Ending ending) {
    Candidate candidate;
    synchronized (this) {
      candidate = candidates.remove(leader);
    }
    switch (ending) {
      case KILL -> candidate.kill();
      case RELEASE -> {
        // Both clients call their user back only after the lease is free: one who hands it over stops to lead before.
        stopped(leader);
        candidate.release();
      }
    }
  }

  /** Kills whoever still stands, and finds that at no time there were two leaders. */
  public void finish() {
    List<Candidate> standing;
    synchronized (this) {
      standing = List.copyOf(candidates.values());
    }
    standing.forEach(Candidate::kill);
    synchronized (this) {
      assertEquals(List.of(), overlaps);
    }
  }
}
