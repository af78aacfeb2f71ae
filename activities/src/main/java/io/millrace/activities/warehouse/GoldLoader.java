package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.warehouse.GoldResult;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.TableField;

/**
 * Brings gold up to silver in three steps, each of which commits what it did together with its mark
 * in {@code lake.slices}: dimensions beside sessions; the facts of the days, several side by side;
 * the counts of facts whose session grew. Then, in one step, {@link GoldReplacement}. Whatever
 * interrupts it, the next load goes on from the last mark.
 *
 * <p>Facts of a month that has none yet are loaded into a table of their own, which becomes the
 * month's partition when all its days are there. The third step begins by attaching what an
 * interrupted load has left behind.
 */
final class GoldLoader {
  private final Warehouse warehouse;
  private final Partitions partitions;
  private final Consumer<String> progress;

  /**
   * Loads into the given warehouse.
   *
   * @param progress told what is done, from this thread
   */
  GoldLoader(Warehouse warehouse, Consumer<String> progress) {
    this.warehouse = warehouse;
    this.partitions = new Partitions(warehouse);
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
    partitions.mergeOldest();
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
    Locks.dimensions(sql);
    attachAll(sql);
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
    Slices arrivals = arrivals(sql, SLICES.DIMENSIONS_AT);
    if (arrivals.isEmpty()) {
      return new Dimensional(0, 0, 0);
    }
    Dimensions dimensions = new Dimensions(sql, arrivals).scan();
    dimensions.dates();
    Dimensional loaded =
        new Dimensional(dimensions.users(), dimensions.products(), dimensions.categories());
    arrivals.mark(sql, SLICES.DIMENSIONS_AT);
    return loaded;
  }

  private static int loadSessions(DSLContext sql) {
    Locks.gold(sql);
    Slices arrivals = arrivals(sql, SLICES.SESSIONS_AT);
    if (arrivals.isEmpty()) {
      return 0;
    }
    int sessions = new Sessions(sql).add(arrivals);
    arrivals.mark(sql, SLICES.SESSIONS_AT);
    return sessions;
  }

  /** What a part of gold has not seen yet, but for what {@link GoldReplacement} replaces. */
  private static Slices arrivals(DSLContext sql, TableField<?, OffsetDateTime> mark) {
    return Slices.fix(
        sql,
        SLICES
            .FINISHED_AT
            .isNull()
            .and(SLICES.TRANSFORMED_AT.isNotNull())
            .and(mark.isNull())
            .and(SLICES.REPLACING.isFalse()));
  }

  /** Makes all facts visible that there are. Under both locks of gold. */
  static void attachAll(DSLContext sql) {
    PartitionedTable.FACTS
        .unattached(sql)
        .forEach(month -> PartitionedTable.FACTS.attachFilled(sql, month));
  }

  private long loadFacts(ExecutorService threads) {
    List<NavigableSet<LocalDate>> parts = warehouse.transaction(FactDays::ready);
    partitions.prepareFacts(parts.stream().flatMap(NavigableSet::stream).toList());
    List<Future<Integer>> running =
        parts.stream().map(days -> threads.submit(() -> loadDays(days))).toList();
    long facts = 0;
    for (int i = 0; i < running.size(); i++) {
      facts += join(running.get(i));
      progress.accept("facts of %d of %d parts".formatted(i + 1, parts.size()));
    }
    List<Future<YearMonth>> attaching =
        partitions.filled().stream()
            .map(month -> threads.submit(() -> partitions.attach(month)))
            .toList();
    attaching.forEach(month -> progress.accept("facts of " + join(month)));
    return facts;
  }

  private int loadDays(NavigableSet<LocalDate> days) {
    return warehouse.relaxedTransaction(sql -> new FactDays(sql, days).load());
  }

  private static <T> T join(Future<T> part) {
    try {
      return part.get();
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
