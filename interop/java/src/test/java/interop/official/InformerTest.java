package interop.official;

import static interop.official.Space.leaseHeldBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.reflect.TypeToken;
import interop.Eventually;
import interop.Sightings;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseList;
import io.kubernetes.client.util.Watch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InformerTest {
  private final Space space = new Space();
  private final Sightings seen = new Sightings();
  private final SharedInformerFactory informers = new SharedInformerFactory(space.client);

  InformerTest() throws ApiException {}

  @AfterEach
  void leave() throws ApiException {
    informers.stopAllRegisteredInformers();
    space.close();
  }

  @Test
  void anInformerSeesWhatWasThereAndEveryAddUpdateAndDelete() throws Exception {
    create("early", "a");
    var informer = inform("");
    seen.await("add early a");
    changeEverything();
    seen.await("add early a", "update early b", "add late c", "delete early b");
    assertEquals(List.of(space.name + "/late"), informer.getIndexer().listKeys());
  }

  @Test
  void anInformerWithSelectorSeesLeasesEnterAndLeaveTheSelection() throws Exception {
    inform("kept=yes");
    V1Lease lease = create("one", "a");
    lease.getMetadata().putLabelsItem("kept", "no");
    lease = replace(lease);
    lease.getSpec().holderIdentity("b");
    lease = replace(lease);
    lease.getMetadata().putLabelsItem("kept", "yes");
    replace(lease);
    seen.await("add one a", "delete one a", "add one b");
  }

  @Test
  void aWatchTellsEveryChangeSinceAVersion() throws Exception {
    V1Lease early = create("early", "a");
    var version = early.getMetadata().getResourceVersion();
    var call = space.leases.listNamespacedLease(space.name).resourceVersion(version).watch(true).buildCall(null);
    var type = new TypeToken<Watch.Response<V1Lease>>() {}.getType();
    try (Watch<V1Lease> watch = Watch.createWatch(space.client, call, type)) {
      changeEverything();
      for (int i = 0; i < 3; i++) {
        var event = watch.next();
        see(event.type, event.object);
      }
    }
    seen.await("MODIFIED early b", "ADDED late c", "DELETED early b");
  }

  private void changeEverything() throws ApiException {
    V1Lease early = space.leases.readNamespacedLease("early", space.name).execute();
    early.getSpec().holderIdentity("b");
    replace(early);
    create("late", "c");
    space.leases.deleteNamespacedLease("early", space.name).execute();
  }

  private V1Lease create(String name, String holder) throws ApiException {
    return space.leases.createNamespacedLease(space.name, leaseHeldBy(name, holder)).execute();
  }

  private V1Lease replace(V1Lease lease) throws ApiException {
    return space.leases.replaceNamespacedLease(lease.getMetadata().getName(), space.name, lease).execute();
  }

  private SharedIndexInformer<V1Lease> inform(String labelSelector) throws InterruptedException {
    var informer =
        informers.sharedIndexInformerFor(
            options ->
                space
                    .leases
                    .listNamespacedLease(space.name)
                    .labelSelector(labelSelector)
                    .resourceVersion(options.resourceVersion)
                    .timeoutSeconds(options.timeoutSeconds)
                    .watch(options.watch)
                    .buildCall(null),
            V1Lease.class,
            V1LeaseList.class);
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(V1Lease lease) {
            see("add", lease);
          }

          @Override
          public void onUpdate(V1Lease before, V1Lease lease) {
            see("update", lease);
          }

          @Override
          public void onDelete(V1Lease lease, boolean unknown) {
            see("delete", lease);
          }
        });
    informers.startAllRegisteredInformers();
    // Only then has it listed, so that what follows is told by its watch.
    Eventually.holds("the informer has synced", informer::hasSynced);
    return informer;
  }

  private void see(String kind, V1Lease lease) {
    seen.add(kind, lease.getMetadata().getName(), lease.getSpec().getHolderIdentity());
  }
}
