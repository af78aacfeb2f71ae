package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import io.millrace.workflows.warehouse.GoldResult;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/**
 * Brings gold up to silver in three steps, each of which commits what it did together with its mark
 * in {@code lake.slices}: dimensions beside sessions; the facts of each day, several days side by
 * side; the counts of facts whose session grew. Then, in one step, {@link GoldReplacement}.
 * Whatever interrupts it, the next load goes on from the last mark.
 */
final class GoldLoader {
  private final Warehouse warehouse;
  private final Consumer<String> progress;

  /**
   * Loads into the given warehouse.
   *
   * @param progress told what is done, from this thread
   */
  GoldLoader(Warehouse warehouse, Consumer<String> progress) {
    this.warehouse = warehouse;
    this.progress = progress;
  }

  private record Dimensional(int users, int products, int categories) {}

  private record Closed(List<LocalDate> days, int recounted) {}

  GoldResult load(int parallelism) {
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(2, parallelism));
    try {
      return load(threads);
    } finally {
      threads.shutdownNow();
    }
  }

  private GoldResult load(ExecutorService threads) {
    Future<Integer> sessions =
        threads.submit(() -> warehouse.relaxedTransaction(GoldLoader::loadSessions));
    Dimensional dimensional = warehouse.relaxedTransaction(GoldLoader::loadDimensions);
    int sessionRows = join(sessions);
    progress.accept("dimensions and sessions");
    long facts = loadFacts(threads);
    // The commit that closes the load waits for the disk, and so makes all before it durable.
    Closed closed = warehouse.transaction(GoldLoader::close);
    GoldReplacement.Replaced replaced = warehouse.transaction(GoldReplacement::apply);
    return new GoldResult(
        Stream.concat(closed.days.stream(), replaced.days().stream())
            .distinct()
            .sorted()
            .map(LocalDate::toString)
            .toList(),
        facts + replaced.facts(),
        dimensional.users,
        dimensional.products,
        dimensional.categories,
        sessionRows,
        closed.recounted,
        replaced.removed());
  }

  private static Closed close(DSLContext sql) {
    Locks.gold(sql);
    int recounted = new Sessions(sql).recount();
    List<LocalDate> days =
        sql.update(SLICES)
            .set(SLICES.FINISHED_AT, currentOffsetDateTime())
            .where(SLICES.FINISHED_AT.isNull(), SLICES.FACTS_AT.isNotNull())
            .and(SLICES.REPLACING.isFalse())
            .returning(SLICES.EVENT_DATE)
            .fetch(SLICES.EVENT_DATE);
    return new Closed(days.stream().distinct().sorted().toList(), recounted);
  }

  private static Dimensional loadDimensions(DSLContext sql) {
    Locks.dimensions(sql);
    Arrivals arrivals = Arrivals.fix(sql, SLICES.DIMENSIONS_AT);
    if (arrivals.isEmpty()) {
      return new Dimensional(0, 0, 0);
    }
    Dimensions dimensions = new Dimensions(sql, arrivals).scan();
    dimensions.dates();
    Dimensional loaded =
        new Dimensional(dimensions.users(), dimensions.products(), dimensions.categories());
    arrivals.settle(sql);
    return loaded;
  }

  private static int loadSessions(DSLContext sql) {
    Locks.gold(sql);
    Arrivals arrivals = Arrivals.fix(sql, SLICES.SESSIONS_AT);
    if (arrivals.isEmpty()) {
      return 0;
    }
    int sessions = new Sessions(sql).add(arrivals);
    arrivals.settle(sql);
    return sessions;
  }

  private long loadFacts(ExecutorService threads) {
    List<LocalDate> days =
        warehouse.transaction(
            sql ->
                sql.selectDistinct(SLICES.EVENT_DATE)
                    .from(SLICES)
                    .where(SLICES.FINISHED_AT.isNull(), FactDay.IS_READY)
                    .orderBy(SLICES.EVENT_DATE)
                    .fetch(SLICES.EVENT_DATE));
    List<Future<Integer>> running =
        days.stream().map(day -> threads.submit(() -> loadDay(day))).toList();
    long facts = 0;
    for (int i = 0; i < running.size(); i++) {
      facts += join(running.get(i));
      progress.accept("facts of %d of %d days".formatted(i + 1, days.size()));
    }
    return facts;
  }

  private int loadDay(LocalDate day) {
    return warehouse.relaxedTransaction(sql -> new FactDay(sql, day).load());
  }

  private static int join(Future<Integer> day) {
    try {
      return day.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while loading facts", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PipelineException failure) {
        throw failure;
      }
      throw new IllegalStateException("Loading facts failed", e.getCause());
    }
  }
}
