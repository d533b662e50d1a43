package interop.official;

import static interop.official.Space.ACQUIRED;
import static interop.official.Space.leaseHeldBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import interop.Feature;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.util.PatchUtils;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeasesTest {
  private final Space space = new Space();

  LeasesTest() throws ApiException {}

  @AfterEach
  void leave() throws ApiException {
    space.close();
  }

  @Test
  void aLeaseKeepsWhatWasWritten() throws ApiException {
    V1Lease made = create(leaseHeldBy("one", "a"));
    assertTrue(made.getSpec().getAcquireTime().isEqual(ACQUIRED));
    assertEquals(made, space.leases.readNamespacedLease("one", space.name).execute());
    assertRefused(404, "NotFound", () -> space.leases.readNamespacedLease("two", space.name).execute());
  }

  @Test
  void anUpdateOfAnOldVersionIsAConflict() throws ApiException {
    V1Lease made = create(leaseHeldBy("one", "a"));
    made.getSpec().holderIdentity("b");
    V1Lease replaced = space.leases.replaceNamespacedLease("one", space.name, made).execute();
    assertEquals("b", replaced.getSpec().getHolderIdentity());
    assertRefused(409, "Conflict", () -> space.leases.replaceNamespacedLease("one", space.name, made).execute());
  }

  @Test
  void aLeaseIsMadeOnce() throws ApiException {
    create(leaseHeldBy("one", "a"));
    assertRefused(409, "AlreadyExists", () -> create(leaseHeldBy("one", "b")));
  }

  @Test
  void aLeaseOfNoDurationIsInvalid() {
    V1Lease wrong = leaseHeldBy("one", "a");
    wrong.getSpec().leaseDurationSeconds(0);
    assertRefused(422, "Invalid", () -> create(wrong));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json-patch+json            | [{\"op\": \"replace\", \"path\": \"/spec/holderIdentity\", \"value\": \"b\"}]",
        "application/merge-patch+json           | {\"spec\": {\"holderIdentity\": \"b\"}}",
        "application/strategic-merge-patch+json | {\"spec\": {\"holderIdentity\": \"b\"}}",
      })
  void aPatchChangesWhatItNames(String type, String patch) throws ApiException {
    create(leaseHeldBy("one", "a"));
    V1Lease patched =
        PatchUtils.patch(
            V1Lease.class,
            () -> space.leases.patchNamespacedLease("one", space.name, new V1Patch(patch)).buildCall(null),
            type,
            space.client);
    assertEquals("b", patched.getSpec().getHolderIdentity());
    assertEquals(15, patched.getSpec().getLeaseDurationSeconds());
  }

  @Test
  void anApplyRefusesToTakeTheFieldOfAnother() throws ApiException {
    Feature.needs("apply");
    V1Lease made = apply("first", "a", false);
    assertEquals(made.getMetadata().getResourceVersion(), apply("first", "a", false).getMetadata().getResourceVersion());
    ApiException refusal = assertRefused(409, "Conflict", () -> apply("second", "b", false));
    assertTrue(refusal.getResponseBody().contains("\"reason\":\"FieldManagerConflict\""), refusal.getResponseBody());
    assertTrue(refusal.getResponseBody().contains("\"field\":\".spec.holderIdentity\""), refusal.getResponseBody());
    // No word of the managers: this client drops managedFields when it reads.
    assertEquals("b", apply("second", "b", true).getSpec().getHolderIdentity());
  }

  @Test
  void listsAreSelectedAndPaged() throws ApiException {
    for (int i = 0; i < 7; i++) {
      V1Lease lease = leaseHeldBy("lease-" + i, "a");
      lease.getMetadata().putLabelsItem("even", "" + (i % 2 == 0));
      create(lease);
    }
    var even = space.leases.listNamespacedLease(space.name).labelSelector("even=true").execute();
    assertEquals(List.of("lease-0", "lease-2", "lease-4", "lease-6"), names(even.getItems()));
    var third = space.leases.listNamespacedLease(space.name).fieldSelector("metadata.name=lease-3").execute();
    assertEquals(List.of("lease-3"), names(third.getItems()));
    var first = space.leases.listNamespacedLease(space.name).limit(4).execute();
    var rest = space.leases.listNamespacedLease(space.name).limit(4)._continue(first.getMetadata().getContinue()).execute();
    var paged = new ArrayList<>(names(first.getItems()));
    paged.addAll(names(rest.getItems()));
    assertEquals(names(space.leases.listNamespacedLease(space.name).execute().getItems()), paged);
    assertEquals(3, first.getMetadata().getRemainingItemCount());
  }

  @Test
  void leasesAreDeletedByNameAndByLabel() throws ApiException {
    create(leaseHeldBy("goes", "a"));
    V1Lease stays = leaseHeldBy("stays", "a");
    stays.getMetadata().putLabelsItem("kept", "no");
    create(stays);
    space.leases.deleteCollectionNamespacedLease(space.name).labelSelector("kept=yes").execute();
    assertEquals(List.of("stays"), names(space.leases.listNamespacedLease(space.name).execute().getItems()));
    space.leases.deleteNamespacedLease("stays", space.name).execute();
    assertEquals(List.of(), names(space.leases.listNamespacedLease(space.name).execute().getItems()));
  }

  private V1Lease create(V1Lease lease) throws ApiException {
    return space.leases.createNamespacedLease(space.name, lease).execute();
  }

  private V1Lease apply(String manager, String holder, boolean force) throws ApiException {
    var patch =
        new V1Patch(
            """
            {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "one"}, "spec": {"holderIdentity": "%s"}}
            """
                .formatted(holder));
    return PatchUtils.patch(
        V1Lease.class,
        () ->
            space
                .leases
                .patchNamespacedLease("one", space.name, patch)
                .fieldManager(manager)
                .force(force)
                .buildCall(null),
        V1Patch.PATCH_FORMAT_APPLY_YAML,
        space.client);
  }

  private static List<String> names(List<V1Lease> leases) {
    return leases.stream().map(lease -> lease.getMetadata().getName()).toList();
  }

  private static ApiException assertRefused(int code, String reason, Executable request) {
    var refusal = assertThrows(ApiException.class, request);
    assertEquals(code, refusal.getCode());
    assertTrue(refusal.getResponseBody().contains("\"reason\":\"" + reason + "\""), refusal.getResponseBody());
    return refusal;
  }
}
