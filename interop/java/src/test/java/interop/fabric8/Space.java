package interop.fabric8;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.ZonedDateTime;

/** A namespace for one test, and a client that KUBECONFIG leads to the server. */
final class Space implements AutoCloseable {
  /** With microseconds that are not a whole number of milliseconds: a type of less precision would lose digits. */
  static final ZonedDateTime ACQUIRED = ZonedDateTime.parse("2026-02-03T04:05:06.123457Z");

  final KubernetesClient client = new KubernetesClientBuilder().build();
  final String name =
      client
          .namespaces()
          .resource(
              new NamespaceBuilder().withNewMetadata().withGenerateName("interop-fabric8-").endMetadata().build())
          .create()
          .getMetadata()
          .getName();

  NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases() {
    return client.leases().inNamespace(name);
  }

  static Lease leaseHeldBy(String lease, String holder) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(lease)
        .addToLabels("kept", "yes")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(15)
        .withAcquireTime(ACQUIRED)
        .withLeaseTransitions(0)
        .endSpec()
        .build();
  }

  @Override
  public void close() {
    leases().delete();
    client.namespaces().withName(name).delete();
    client.close();
  }
}
