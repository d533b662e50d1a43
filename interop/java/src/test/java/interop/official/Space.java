package interop.official;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Config;
import java.io.IOException;
import java.time.OffsetDateTime;

/** A namespace for one test, and a client that KUBECONFIG leads to the server. */
final class Space implements AutoCloseable {
  /** With microseconds that are not a whole number of milliseconds: a type of less precision would lose digits. */
  static final OffsetDateTime ACQUIRED = OffsetDateTime.parse("2026-02-03T04:05:06.123457Z");

  final ApiClient client = connect();
  final CoordinationV1Api leases = new CoordinationV1Api(client);
  final String name;

  Space() throws ApiException {
    var namespace = new V1Namespace().metadata(new V1ObjectMeta().generateName("interop-java-"));
    name = new CoreV1Api(client).createNamespace(namespace).execute().getMetadata().getName();
  }

  /** Another connection to the same server. */
  static ApiClient connect() {
    try {
      // Without a bound on the silence between two events of a watch.
      return Config.defaultClient().setReadTimeout(0);
    } catch (IOException unreadable) {
      throw new IllegalStateException("KUBECONFIG leads nowhere", unreadable);
    }
  }

  static V1Lease leaseHeldBy(String lease, String holder) {
    return new V1Lease()
        .metadata(new V1ObjectMeta().name(lease).putLabelsItem("kept", "yes"))
        .spec(new V1LeaseSpec().holderIdentity(holder).leaseDurationSeconds(15).acquireTime(ACQUIRED).leaseTransitions(0));
  }

  @Override
  public void close() throws ApiException {
    leases.deleteCollectionNamespacedLease(name).execute();
    new CoreV1Api(client).deleteNamespace(name).execute();
  }
}
