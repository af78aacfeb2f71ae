package io.millrace.activities.lake;

import static io.millrace.activities.PipelineException.translated;

import io.millrace.activities.PipelineException;
import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.input.UnreadableInputException;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.lake.CompactionActivities;
import io.millrace.workflows.lake.CompactionParams;
import io.millrace.workflows.lake.CompactionResult;
import io.millrace.workflows.lake.CompactionTarget;
import io.millrace.workflows.lake.RetentionResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The compaction's activities on a real store and database. */
public final class CompactionActivitiesImpl implements CompactionActivities {
  private static final Logger logger = LoggerFactory.getLogger(CompactionActivitiesImpl.class);

  private final ObjectStore store;
  private final Warehouse warehouse;
  private final Clock clock;

  /** Uses, and does not close, what it is given. */
  public CompactionActivitiesImpl(ObjectStore store, Warehouse warehouse, Clock clock) {
    this.store = store;
    this.warehouse = warehouse;
    this.clock = clock;
  }

  @Override
  public List<CompactionTarget> plan(CompactionParams params) {
    List<CompactionTarget> targets =
        during(
            () ->
                warehouse.transaction(
                    sql -> {
                      CompactionPlan plan = new CompactionPlan(sql);
                      List<CompactionTarget> unfinished = plan.unfinished(params.bucket());
                      return unfinished.isEmpty() ? plan.choose(params) : unfinished;
                    }));
    if (targets.isEmpty()) {
      throw TaskSkipped.because("No quiet folder has objects to compact");
    }
    return targets;
  }

  @Override
  public CompactionResult compact(CompactionTarget target) {
    return during(() -> compact(target.objectId()));
  }

  private CompactionResult compact(long id) {
    Optional<LakeObject> found = warehouse.transaction(sql -> new CompactionPlan(sql).target(id));
    List<CompactionPlan.Source> sources =
        warehouse.transaction(sql -> new CompactionPlan(sql).sources(id));
    if (found.isEmpty() || sources.isEmpty()) {
      return new CompactionResult(0, 0);
    }
    LakeObject target = found.get();
    if (!isThere(target)) {
      target = write(id, target, content(id, sources));
    }
    for (CompactionPlan.Source source : sources) {
      if (isThere(source.object())) {
        store.remove(source.object());
      }
      warehouse.transaction(
          sql -> {
            new CompactionPlan(sql).removed(source);
            return true;
          });
    }
    logger.info("Compacted objects={} into={}", sources.size(), target.key());
    return new CompactionResult(sources.size(), target.sizeBytes());
  }

  private LakeObject write(long id, LakeObject target, byte[] content) {
    String etag = md5(content);
    LakeObject written = new LakeObject(target.bucket(), target.key(), etag, content.length);
    // Known to the ledger before it can be listed, so that it is never taken for a new one.
    warehouse.transaction(
        sql -> {
          new CompactionPlan(sql).know(id, etag, content.length);
          return true;
        });
    String stored = store.put(written, content);
    if (!stored.equals(etag)) {
      store.remove(written);
      throw new PipelineException(
          PipelineFailure.INVALID_INPUT,
          "The object store gave %s the etag %s, not its MD5: compaction relies on that. Leave it off."
              .formatted(target.key(), stored));
    }
    return written;
  }

  private boolean isThere(LakeObject object) {
    try (InputStream stream = store.open(object).orElse(null)) {
      return stream != null;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close " + object.key(), e);
    }
  }

  /** All of their lines, one after the other; a plan that cannot be carried out is given up. */
  private byte[] content(long id, List<CompactionPlan.Source> sources) {
    try {
      CompactedLines lines = new CompactedLines();
      for (CompactionPlan.Source source : sources) {
        add(lines, id, source);
      }
      return lines.stored();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot compact", e);
    }
  }

  private void add(CompactedLines lines, long id, CompactionPlan.Source source) throws IOException {
    String key = source.object().key();
    try (InputStream stream = store.open(source.object()).orElse(null)) {
      if (stream == null) {
        giveUp(plan -> plan.giveUp(id));
        throw TaskSkipped.because("%s was replaced or deleted meanwhile".formatted(key));
      }
      if (!lines.add(stream.readAllBytes())) {
        giveUp(plan -> plan.leaveOut(id, source));
        throw TaskSkipped.because(
            "%s is not in lines and stays as it is; the next run leaves it out".formatted(key));
      }
    } catch (UnreadableInputException e) {
      giveUp(plan -> plan.giveUp(id));
      throw new PipelineException(
          PipelineFailure.INVALID_INPUT,
          "%s is damaged, so nothing of its folder was compacted: %s. It was loaded before this was seen: load its hour again, by a backfill, and its events leave the warehouse with the reason in quarantine.objects"
              .formatted(key, e.reason()));
    }
  }

  private void giveUp(Consumer<CompactionPlan> work) {
    warehouse.transaction(
        sql -> {
          work.accept(new CompactionPlan(sql));
          return true;
        });
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no MD5", e);
    }
  }

  @Override
  public RetentionResult applyRetention(CompactionParams params) {
    if (params.retentionDays().isEmpty()) {
      throw TaskSkipped.because("No bucket has a policy");
    }
    return during(
        () -> {
          long[] counts = {0, 0};
          for (Map.Entry<String, Integer> policy :
              new TreeMap<>(params.retentionDays()).entrySet()) {
            Instant before = clock.instant().minus(Duration.ofDays(policy.getValue()));
            boolean ledger = policy.getKey().equals(params.bucket());
            store.listBefore(
                policy.getKey(),
                "",
                before,
                object -> {
                  boolean remove = !ledger || isSettled(object);
                  if (remove) {
                    warehouse.transaction(
                        sql -> {
                          ObjectLedger.expire(sql, object);
                          return true;
                        });
                    store.remove(object);
                  }
                  counts[remove ? 0 : 1]++;
                });
          }
          return new RetentionResult(counts[0], counts[1]);
        });
  }

  private boolean isSettled(LakeObject object) {
    return warehouse.transaction(sql -> ObjectLedger.isSettled(sql, object));
  }

  private static <R> R during(Supplier<R> work) {
    return Heartbeats.during(() -> translated(work));
  }
}
