package interop.official;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import interop.Election;
import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.openapi.ApiException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElectionTest {
  private final Space space = new Space();
  private final Election election = new Election();

  ElectionTest() throws ApiException {}

  @AfterEach
  void leave() throws ApiException {
    election.finish();
    space.close();
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderIsFollowedUntilNobodyIsLeft(Election.Ending ending) throws Exception {
    for (int i = 0; i < Election.CANDIDATES; i++) stand("candidate-" + i);
    for (int term = 0; term < Election.CANDIDATES; term++) {
      String leader = election.awaitLeader();
      var lease = space.leases.readNamespacedLease("prize", space.name).execute();
      assertEquals(leader, lease.getSpec().getHolderIdentity());
      assertEquals(term, lease.getSpec().getLeaseTransitions());
      election.end(leader, ending);
      if (ending == Election.Ending.RELEASE && term == Election.CANDIDATES - 1) {
        assertNull(space.leases.readNamespacedLease("prize", space.name).execute().getSpec().getHolderIdentity());
      }
    }
  }

  private void stand(String identity) {
    var elector =
        new LeaderElector(
            new LeaderElectionConfig(
                new LeaseLock(space.name, "prize", identity, Space.connect()),
                Duration.ofSeconds(4),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1)));
    var thread = new Thread(() -> elector.run(() -> election.started(identity), () -> election.stopped(identity)), identity);
    thread.start();
    election.enter(identity, new Standing(elector, thread));
  }

  private record Standing(LeaderElector elector, Thread thread) implements Election.Candidate {
    @Override
    public void kill() {
      thread.interrupt();
      awaitEnd();
    }

    @Override
    public void release() {
      elector.close();
      awaitEnd();
    }

    private void awaitEnd() {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
