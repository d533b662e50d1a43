package interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an informer or a watch told, such as "update one b": the kind of news, the lease and its holder. */
public final class Sightings {
  private final List<String> news = new CopyOnWriteArrayList<>();

  public void add(String kind, String lease, String holder) {
    news.add(kind + " " + lease + " " + holder);
  }

  /** Waits until as much was told as is expected, and finds that it is just that, in that order. */
  public void await(String... expected) throws InterruptedException {
    Eventually.holds(expected.length + " pieces of news", () -> news.size() >= expected.length);
    assertEquals(List.of(expected), List.copyOf(news));
  }
}
