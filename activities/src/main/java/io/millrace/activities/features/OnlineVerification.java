package io.millrace.activities.features;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.features.OnlineKey;
import io.millrace.workflows.features.FeatureScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares the online store with the warehouse, row by row; changes nothing. */
public final class OnlineVerification {
  private static final int BATCH_ROWS = 1_000;
  private static final int VERSION_LENGTH = io.millrace.core.features.OnlineVersion.LENGTH;

  private final int keep;
  private final List<Difference> first = new ArrayList<>();
  private long rows;
  private long equal;
  private long missing;
  private long behind;
  private long different;
  private long ahead;

  private OnlineVerification(int keep) {
    this.keep = keep;
  }

  /**
   * A row that is not as it should be.
   *
   * @param kind {@code missing}, {@code behind} (an older event, or an older count) or {@code
   *     different} (the same event and count with other features)
   * @param offline what the warehouse says
   * @param online what the online store says, or null
   */
  public record Difference(
      long userId, long productId, String kind, String offline, @Nullable String online) {}

  /**
   * What was found.
   *
   * @param rows rows of the warehouse that were looked up
   * @param ahead rows that are newer online, because the warehouse has not loaded the event yet, or
   *     because a session outside the scope has a newer one; no difference
   * @param onlyOnline rows that the warehouse does not have at all; -1 if not all of it was
   *     compared
   * @param first the first differences
   */
  public record Report(
      long rows,
      long equal,
      long missing,
      long behind,
      long different,
      long ahead,
      long onlyOnline,
      List<Difference> first) {
    /** Copies the list. */
    public Report {
      first = List.copyOf(first);
    }

    /** Rows that are not as they should be. */
    public long differences() {
      return missing + behind + different;
    }
  }

  /**
   * Compares.
   *
   * @param all all rows, or only those of sessions that got events within the time to live: others
   *     may rightly be gone
   * @param keep how many differences are told one by one
   */
  public static Report of(Warehouse warehouse, OnlineStore online, boolean all, int keep) {
    OnlineVerification verification = new OnlineVerification(keep);
    FeatureScope scope = all ? FeatureScope.FULL : FeatureScope.RECENT;
    warehouse.transaction(
        sql -> {
          OfflineRows offline = new OfflineRows(sql, scope, online.timeToLive());
          if (!offline.isEmpty()) {
            offline.forEach(BATCH_ROWS, batch -> verification.compare(batch, online));
          }
          return true;
        });
    return verification.report(all ? online.size() : -1);
  }

  private Report report(long online) {
    long onlyOnline = online < 0 ? -1 : Math.max(0, online - (rows - missing));
    return new Report(rows, equal, missing, behind, different, ahead, onlyOnline, first);
  }

  private void compare(List<StoredRow> batch, OnlineStore online) {
    List<@Nullable String> values = online.values(batch.stream().map(StoredRow::key).toList());
    for (int i = 0; i < batch.size(); i++) {
      compare(batch.get(i), values.get(i));
    }
  }

  private void compare(StoredRow offline, @Nullable String online) {
    rows++;
    if (online == null) {
      missing++;
      tell("missing", offline, null);
      return;
    }
    int order =
        offline.value().substring(0, VERSION_LENGTH).compareTo(online.substring(0, VERSION_LENGTH));
    if (order < 0) {
      ahead++;
    } else if (order > 0) {
      behind++;
      tell("behind", offline, online);
    } else if (offline.value().equals(online)) {
      equal++;
    } else {
      different++;
      tell("different", offline, online);
    }
  }

  private void tell(String kind, StoredRow offline, @Nullable String online) {
    if (first.size() < keep) {
      OnlineKey key = OnlineKey.parse(offline.key());
      first.add(new Difference(key.userId(), key.productId(), kind, offline.value(), online));
    }
  }
}
