package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.asset.AssetMessage.Adoption;
import io.millrace.engine.asset.AssetMessage.Assignment;
import io.millrace.engine.asset.AssetMessage.Emission;
import io.millrace.engine.asset.AssetMessage.News;
import io.millrace.engine.asset.AssetMessage.Page;
import io.millrace.engine.asset.AssetMessage.Subscribers;
import io.millrace.engine.asset.ConsumerLedger.Run;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * The ledgers of a hub without workflows: messages go at once, in a random order of senders, and
 * some twice, as after a worker's crash. Every state that is kept stays below 1 MB.
 */
final class SimulatedHub {

  static final int LIMIT = 1_000_000;

  private static final AssetOwner OWNER = new AssetOwner("us", "q");

  private static final DataConverter CONVERTER = DefaultDataConverter.STANDARD_INSTANCE;

  private final Random random;
  private final HubRegister register = new HubRegister();
  private final Map<String, AssetLedger> assets = new TreeMap<>();
  private final Map<String, ConsumerLedger> consumers = new TreeMap<>();
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();
  private long clock;

  SimulatedHub(long seed) {
    this.random = new Random(seed);
  }

  void declare(List<AssetSchedule> schedules) {
    declare(OWNER, schedules);
  }

  void declare(AssetOwner owner, List<AssetSchedule> schedules) {
    List<AssetMessage> messages = register.declare(new AssetDeclaration(owner, schedules), ++clock);
    messages.forEach(this::deliver);
    register.sent(messages, List.of());
  }

  void emit(AssetEvent event) {
    register.forward(event);
    register.takeForward().forEach(this::deliver);
  }

  /** The runs of a DAG so far. */
  List<Run> runs(String dag) {
    return runs.getOrDefault(dag, List.of());
  }

  ConsumerLedger consumer(String dag) {
    return consumers.computeIfAbsent(dag, ConsumerLedger::new);
  }

  AssetLedger asset(String name) {
    return assets.computeIfAbsent(
        name,
        asset -> {
          AssetLedger ledger = new AssetLedger(asset, "log of " + asset);
          ledger.adopt(new Adoption(asset, 0, null, List.of(), Map.of()), clock);
          return ledger;
        });
  }

  /** Lets some asset or consumer work, or start again from what it keeps. */
  void step() {
    List<String> names = new ArrayList<>(assets.keySet());
    List<String> dags = new ArrayList<>(consumers.keySet());
    switch (random.nextInt(4)) {
      case 0, 1 -> pick(names).ifPresent(this::tell);
      case 2 -> pick(dags).ifPresent(this::serve);
      default -> {
        pick(names).ifPresent(this::restartAsset);
        pick(dags).ifPresent(this::restartConsumer);
      }
    }
  }

  private Optional<String> pick(List<String> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }

  /** Until nobody has anything to do. */
  void settle() {
    boolean busy = true;
    while (busy) {
      busy = false;
      for (String name : List.copyOf(assets.keySet())) {
        busy |= asset(name).hasMessages();
        tell(name);
      }
      for (String dag : List.copyOf(consumers.keySet())) {
        busy |= consumer(dag).isDue();
        serve(dag);
      }
    }
  }

  /** Every asset, and as many consumers as is quick. */
  void restartAll() {
    List.copyOf(assets.keySet()).forEach(this::restartAsset);
    consumers.keySet().stream().limit(20).toList().forEach(this::restartConsumer);
  }

  private void tell(String name) {
    for (AssetMessage message : asset(name).messages(100, 1_000_000)) {
      deliver(message);
      if (random.nextInt(4) == 0) {
        deliver(message);
      }
    }
  }

  private void serve(String dag) {
    ConsumerLedger consumer = consumer(dag);
    if (!consumer.isDue()) {
      return;
    }
    TakenEvents taken = consumer.take();
    Map<String, Page> pages = new TreeMap<>();
    taken.reads().values().forEach(read -> asset(read.asset()).read(read));
    taken
        .reads()
        .keySet()
        .forEach(
            name -> {
              while (!pages.containsKey(name)) {
                for (AssetMessage message : asset(name).messages(1, 1)) {
                  if (message instanceof Page page
                      && page.dag().equals(dag)
                      && page.ticket() == taken.ticket()) {
                    pages.put(name, page);
                  } else {
                    deliver(message);
                  }
                }
              }
            });
    runs.computeIfAbsent(dag, d -> new ArrayList<>()).addAll(consumer.runs(taken, pages.values()));
  }

  /** Brings a message to whom it is for. */
  void deliver(AssetMessage message) {
    if (message instanceof Emission emission) {
      asset(emission.asset()).take(emission, ++clock);
    } else if (message instanceof Subscribers subscribers) {
      asset(subscribers.asset()).subscribe(subscribers, clock);
    } else if (message instanceof Assignment assignment) {
      consumer(assignment.dag()).assign(assignment);
    } else if (message instanceof News news) {
      consumer(news.dag()).news(news);
    }
  }

  private void restartAsset(String name) {
    AssetLedger before = asset(name);
    if (!before.hasAnswers()) {
      AssetLedger after = new AssetLedger(name, "another log");
      after.restore(copy(before.state(), AssetState.class));
      assets.put(name, after);
    }
  }

  private void restartConsumer(String dag) {
    ConsumerLedger after = new ConsumerLedger(dag);
    after.restore(copy(consumer(dag).state(), ConsumerState.class));
    consumers.put(dag, after);
  }

  /** As a continue-as-new does it. */
  private static <T> T copy(T state, Class<T> type) {
    var payload = CONVERTER.toPayload(state).orElseThrow();
    assertThat(payload.getData().size()).isLessThan(LIMIT);
    return CONVERTER.fromPayload(payload, type, type);
  }
}
