package interop.fabric8;

import static interop.fabric8.Space.ACQUIRED;
import static interop.fabric8.Space.leaseHeldBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import interop.Feature;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeasesTest {
  private final Space space = new Space();

  @AfterEach
  void leave() {
    space.close();
  }

  @Test
  void aLeaseKeepsWhatWasWritten() {
    Lease made = space.leases().resource(leaseHeldBy("one", "a")).create();
    assertTrue(made.getSpec().getAcquireTime().isEqual(ACQUIRED));
    assertEquals(made, space.leases().withName("one").get());
    assertNull(space.leases().withName("two").get());
  }

  @Test
  void anUpdateOfAnOldVersionIsAConflict() {
    Lease made = space.leases().resource(leaseHeldBy("one", "a")).create();
    Lease changed = new LeaseBuilder(made).editSpec().withHolderIdentity("b").endSpec().build();
    Lease updated = space.leases().resource(changed).update();
    assertEquals("b", updated.getSpec().getHolderIdentity());
    assertRefused(409, "Conflict", () -> space.leases().resource(changed).update());
  }

  @Test
  void aLeaseIsMadeOnce() {
    space.leases().resource(leaseHeldBy("one", "a")).create();
    assertRefused(409, "AlreadyExists", () -> space.leases().resource(leaseHeldBy("one", "b")).create());
  }

  @Test
  void aLeaseOfNoDurationIsInvalid() {
    Lease wrong = new LeaseBuilder(leaseHeldBy("one", "a")).editSpec().withLeaseDurationSeconds(0).endSpec().build();
    assertRefused(422, "Invalid", () -> space.leases().resource(wrong).create());
  }

  @Test
  void anEditChangesWhatItTouches() {
    space.leases().resource(leaseHeldBy("one", "a")).create();
    Lease edited =
        space
            .leases()
            .withName("one")
            .edit(lease -> new LeaseBuilder(lease).editSpec().withHolderIdentity("b").endSpec().build());
    assertEquals("b", edited.getSpec().getHolderIdentity());
    assertEquals(15, edited.getSpec().getLeaseDurationSeconds());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JSON            | [{\"op\": \"replace\", \"path\": \"/spec/holderIdentity\", \"value\": \"b\"}]",
        "JSON_MERGE      | {\"spec\": {\"holderIdentity\": \"b\"}}",
        "STRATEGIC_MERGE | {\"spec\": {\"holderIdentity\": \"b\"}}",
      })
  void aPatchChangesWhatItNames(PatchType type, String patch) {
    space.leases().resource(leaseHeldBy("one", "a")).create();
    Lease patched = space.leases().withName("one").patch(PatchContext.of(type), patch);
    assertEquals("b", patched.getSpec().getHolderIdentity());
    assertEquals(15, patched.getSpec().getLeaseDurationSeconds());
  }

  @Test
  void anApplyRefusesToTakeTheFieldOfAnother() {
    Feature.needs("apply");
    Lease mine = applied("a");
    Lease made = space.leases().resource(mine).fieldManager("first").serverSideApply();
    Lease again = space.leases().resource(mine).fieldManager("first").serverSideApply();
    assertEquals(made.getMetadata().getResourceVersion(), again.getMetadata().getResourceVersion());
    KubernetesClientException refusal =
        assertRefused(409, "Conflict", () -> space.leases().resource(applied("b")).fieldManager("second").serverSideApply());
    assertEquals("FieldManagerConflict", refusal.getStatus().getDetails().getCauses().get(0).getReason());
    assertEquals(".spec.holderIdentity", refusal.getStatus().getDetails().getCauses().get(0).getField());
    Lease forced = space.leases().resource(applied("b")).fieldManager("second").forceConflicts().serverSideApply();
    assertEquals("b", forced.getSpec().getHolderIdentity());
    assertEquals(List.of("second"), forced.getMetadata().getManagedFields().stream().map(entry -> entry.getManager()).toList());
  }

  @Test
  void listsAreSelectedAndPaged() {
    for (int i = 0; i < 7; i++) {
      space.leases().resource(labelled("lease-" + i, "even", "" + (i % 2 == 0))).create();
    }
    var even = space.leases().withLabel("even", "true").list();
    assertEquals(List.of("lease-0", "lease-2", "lease-4", "lease-6"), names(even.getItems()));
    var third = space.leases().withField("metadata.name", "lease-3").list();
    assertEquals(List.of("lease-3"), names(third.getItems()));
    var first = space.leases().list(new ListOptionsBuilder().withLimit(4L).build());
    var next = new ListOptionsBuilder().withLimit(4L).withContinue(first.getMetadata().getContinue());
    var rest = space.leases().list(next.build());
    var paged = new ArrayList<>(names(first.getItems()));
    paged.addAll(names(rest.getItems()));
    assertEquals(names(space.leases().list().getItems()), paged);
    assertEquals(3, first.getMetadata().getRemainingItemCount());
  }

  @Test
  void leasesAreDeletedByNameAndByLabel() {
    space.leases().resource(leaseHeldBy("goes", "a")).create();
    space.leases().resource(labelled("stays", "kept", "no")).create();
    space.leases().withLabel("kept", "yes").delete();
    assertEquals(List.of("stays"), names(space.leases().list().getItems()));
    space.leases().withName("stays").delete();
    assertEquals(List.of(), names(space.leases().list().getItems()));
  }

  private static Lease labelled(String lease, String label, String value) {
    return new LeaseBuilder(leaseHeldBy(lease, "a")).editMetadata().addToLabels(label, value).endMetadata().build();
  }

  private static Lease applied(String holder) {
    var named = new LeaseBuilder().withNewMetadata().withName("one").endMetadata();
    return named.withNewSpec().withHolderIdentity(holder).endSpec().build();
  }

  private static List<String> names(List<Lease> leases) {
    return leases.stream().map(lease -> lease.getMetadata().getName()).toList();
  }

  private static KubernetesClientException assertRefused(int code, String reason, Runnable write) {
    var refusal = assertThrows(KubernetesClientException.class, write::run);
    assertEquals(code, refusal.getCode());
    assertEquals(reason, refusal.getStatus().getReason());
    return refusal;
  }
}
