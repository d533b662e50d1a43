package interop.fabric8;

import static interop.fabric8.Space.leaseHeldBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import interop.Sightings;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InformerTest {
  private final Space space = new Space();
  private final Sightings seen = new Sightings();

  @AfterEach
  void leave() {
    space.close();
  }

  @Test
  void anInformerSeesWhatWasThereAndEveryAddUpdateAndDelete() throws Exception {
    space.leases().resource(leaseHeldBy("early", "a")).create();
    try (var informer = space.leases().inform(handler())) {
      seen.await("add early a");
      changeEverything();
      seen.await("add early a", "update early b", "add late c", "delete early b");
      assertEquals(List.of("late"), informer.getStore().list().stream().map(lease -> lease.getMetadata().getName()).toList());
    }
  }

  @Test
  void anInformerWithSelectorSeesLeasesEnterAndLeaveTheSelection() throws Exception {
    try (var informer = space.leases().withLabel("kept", "yes").inform(handler())) {
      space.leases().resource(leaseHeldBy("one", "a")).create();
      label("no");
      hold("one", "b");
      label("yes");
      seen.await("add one a", "delete one a", "add one b");
    }
  }

  @Test
  void aWatchTellsEveryChangeSinceAVersion() throws Exception {
    Lease early = space.leases().resource(leaseHeldBy("early", "a")).create();
    try (var watch = space.leases().withResourceVersion(early.getMetadata().getResourceVersion()).watch(watcher())) {
      changeEverything();
      seen.await("MODIFIED early b", "ADDED late c", "DELETED early b");
    }
  }

  private void changeEverything() {
    hold("early", "b");
    space.leases().resource(leaseHeldBy("late", "c")).create();
    space.leases().withName("early").delete();
  }

  private void hold(String name, String holder) {
    UnaryOperator<Lease> edit = lease -> new LeaseBuilder(lease).editSpec().withHolderIdentity(holder).endSpec().build();
    space.leases().withName(name).edit(edit);
  }

  private void label(String kept) {
    UnaryOperator<Lease> edit = lease -> new LeaseBuilder(lease).editMetadata().addToLabels("kept", kept).endMetadata().build();
    space.leases().withName("one").edit(edit);
  }

  private ResourceEventHandler<Lease> handler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(Lease lease) {
        see("add", lease);
      }

      @Override
      public void onUpdate(Lease before, Lease lease) {
        see("update", lease);
      }

      @Override
      public void onDelete(Lease lease, boolean unknown) {
        see("delete", lease);
      }
    };
  }

  private Watcher<Lease> watcher() {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Lease lease) {
        see(action.name(), lease);
      }

      @Override
      public void onClose(WatcherException cause) {
        seen.add("closed", "by", cause.getMessage());
      }
    };
  }

  private void see(String kind, Lease lease) {
    seen.add(kind, lease.getMetadata().getName(), lease.getSpec().getHolderIdentity());
  }
}
