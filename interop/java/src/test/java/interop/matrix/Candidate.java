package interop.matrix;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Stands for one lease with fabric8 until SIGTERM: {@code Candidate NAMESPACE NAME IDENTITY LEASE_MS RENEW_MS RETRY_MS}. It claims to
 * lead as interop/matrix/README.md says.
 */
public final class Candidate {
  private static final int MILLISECONDS_BETWEEN_CLAIMS = 50;

  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final String identity;
  private volatile CompletableFuture<?> term;
  private volatile boolean leaving;
  private boolean leading;

  private Candidate(String identity) {
    this.identity = identity;
  }

  public static void main(String[] args) throws InterruptedException {
    var candidate = new Candidate(args[2]);
    Duration renew = milliseconds(args[4]);
    var election =
        new LeaderElectionConfigBuilder()
            .withName(candidate.identity)
            .withLock(new LeaseLock(args[0], args[1], candidate.identity))
            .withLeaseDuration(milliseconds(args[3]))
            .withRenewDeadline(renew)
            .withRetryPeriod(milliseconds(args[5]))
            .withReleaseOnCancel(true)
            .withLeaderCallbacks(new LeaderCallbacks(candidate::start, candidate::stop, leader -> {}));
    var client = connect(renew);
    Runtime.getRuntime().addShutdownHook(new Thread(candidate::leave));
    while (!candidate.leaving) {
      candidate.term = client.leaderElector().withConfig(election.build()).build().start();
      candidate.lead();
    }
  }

  /** fabric8 repeats a failed request ten times, for minutes, and looks at its deadline only afterwards: here it does not repeat. */
  private static KubernetesClient connect(Duration within) {
    var config =
        new ConfigBuilder()
            .withRequestTimeout((int) within.toMillis() / 2)
            .withConnectionTimeout((int) within.toMillis() / 2)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** fabric8 releases the lease before it calls back: whoever hands it over stops to lead before. */
  private void leave() {
    leaving = true;
    stop();
    term.cancel(true);
  }

  /** Waits for a term, says every moment that it leads, and returns when it is over. */
  private synchronized void lead() throws InterruptedException {
    while (!leading) wait();
    while (leading) {
      wait(MILLISECONDS_BETWEEN_CLAIMS);
      if (leading) say("leading");
    }
  }

  private synchronized void start() {
    leading = true;
    say("started");
    notifyAll();
  }

  private synchronized void stop() {
    if (leading) say("stopped");
    leading = false;
    notifyAll();
  }

  /** Writes a line in one call, so that the lines of several candidates do not mix in the pipe that they share. */
  private void say(String word) {
    try {
      out.write((identity + " " + word + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Duration milliseconds(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }
}
