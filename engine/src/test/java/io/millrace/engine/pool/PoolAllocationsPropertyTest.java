package io.millrace.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever runs, operators and time do to a pool, it never leaks and never grants too much. */
class PoolAllocationsPropertyTest {

  static final int RUNS = 4;
  private static final int LEASES = 10;

  /** Something that happens to a pool. */
  sealed interface Step {}

  record Acquire(int run, int lease, int slots, int priority, int linger) implements Step {}

  record Release(int lease) implements Step {}

  record Resize(int slots) implements Step {}

  record Close(int run) implements Step {}

  record Reset(int run) implements Step {}

  record Wait(int seconds) implements Step {}

  record Tell(int unreachable) implements Step {}

  record Check() implements Step {}

  record ContinueAsNew() implements Step {}

  @Property(tries = 2_000)
  void staysRightWhateverHappens(@ForAll("steps") List<Step> steps) {
    PoolWorld world = new PoolWorld();
    steps.forEach(world::take);

    world.everyRunCloses();

    assertThat(world.pool.isEmpty()).as("a lease of a closed run has leaked").isTrue();
    assertThat(world.pool.used()).isZero();
    assertThat(world.pool.nextCheckAt()).isNull();
  }

  @Property(tries = 1_000)
  void everyRequestIsMetOnceTheOthersEnd(@ForAll("steps") List<Step> steps) {
    PoolWorld world = new PoolWorld();
    steps.forEach(world::take);
    world.take(new Resize(8));

    int waiting = world.pool.waiting().size();
    for (int rounds = 0; !world.pool.waiting().isEmpty(); rounds++) {
      assertThat(rounds).as("rounds until all are served").isLessThanOrEqualTo(waiting);
      List.copyOf(world.pool.leases()).forEach(lease -> world.release(lease.leaseId()));
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> run = Arbitraries.integers().between(0, RUNS - 1);
    Arbitrary<Integer> lease = Arbitraries.integers().between(0, LEASES - 1);
    Arbitrary<Integer> small = Arbitraries.integers().between(1, 5);
    Arbitrary<Integer> seconds = Arbitraries.integers().between(0, 90);
    Arbitrary<Step> acquire =
        Combinators.combine(run, lease, small, small, seconds).as(Acquire::new);
    return Arbitraries.frequencyOf(
            Tuple.of(10, acquire),
            Tuple.of(6, lease.map(Release::new)),
            Tuple.of(1, Arbitraries.integers().between(0, 8).map(Resize::new)),
            Tuple.of(1, run.map(Close::new)),
            Tuple.of(1, run.map(Reset::new)),
            Tuple.of(3, seconds.map(Wait::new)),
            Tuple.of(3, run.map(Tell::new)),
            Tuple.of(2, Arbitraries.just(new Check())),
            Tuple.of(1, Arbitraries.just(new ContinueAsNew())))
        .list()
        .ofMaxSize(60);
  }
}
