package interop.fabric8;

import static org.junit.jupiter.api.Assertions.assertEquals;

import interop.Election;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElectionTest {
  private final Space space = new Space();
  private final Election election = new Election();

  @AfterEach
  void leave() {
    election.finish();
    space.close();
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderIsFollowedUntilNobodyIsLeft(Election.Ending ending) throws Exception {
    for (int i = 0; i < Election.CANDIDATES; i++) stand("candidate-" + i, ending);
    for (int term = 0; term < Election.CANDIDATES; term++) {
      String leader = election.awaitLeader();
      var lease = space.leases().withName("prize").get();
      assertEquals(leader, lease.getSpec().getHolderIdentity());
      assertEquals(term, lease.getSpec().getLeaseTransitions());
      election.end(leader, ending);
    }
  }

  private void stand(String identity, Election.Ending ending) {
    var callbacks = new LeaderCallbacks(() -> election.started(identity), () -> election.stopped(identity), leader -> {});
    var running =
        space
            .client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(identity)
                    .withLock(new LeaseLock(space.name, "prize", identity))
                    .withLeaseDuration(Duration.ofSeconds(4))
                    .withRenewDeadline(Duration.ofSeconds(3))
                    .withRetryPeriod(Duration.ofMillis(500))
                    .withReleaseOnCancel(ending == Election.Ending.RELEASE)
                    .withLeaderCallbacks(callbacks)
                    .build())
            .build()
            .start();
    election.enter(identity, new Standing(running));
  }

  private record Standing(CompletableFuture<?> running) implements Election.Candidate {
    @Override
    public void kill() {
      running.cancel(true);
    }

    @Override
    public void release() {
      running.cancel(true);
    }
  }
}
