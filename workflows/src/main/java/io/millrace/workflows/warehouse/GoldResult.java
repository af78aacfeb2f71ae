package io.millrace.workflows.warehouse;

import io.millrace.engine.Summary;
import java.util.List;

/**
 * What the gold load did.
 *
 * @param days ISO dates whose load this closes, in order; those of an interrupted load included
 * @param facts new fact rows
 * @param users new rows of dim_user
 * @param products rows of dim_product that are new or changed
 * @param categories rows of dim_category that are new or changed
 * @param sessions sessions that are new or grew
 * @param recounted facts of earlier loads that got a new events_in_session
 * @param replaced facts that gave way to those of objects loaded again, or were removed
 */
public record GoldResult(
    List<String> days,
    long facts,
    long users,
    long products,
    long categories,
    long sessions,
    long recounted,
    long replaced)
    implements Summary {
  public GoldResult {
    days = List.copyOf(days);
  }

  /** Of facts that are new. */
  public GoldResult(
      List<String> days,
      long facts,
      long users,
      long products,
      long categories,
      long sessions,
      long recounted) {
    this(days, facts, users, products, categories, sessions, recounted, 0);
  }

  @Override
  public String summary() {
    return "%,d facts on %,d days; %,d users, %,d products, %,d categories, %,d sessions%s"
        .formatted(
            facts,
            days.size(),
            users,
            products,
            categories,
            sessions,
            replaced == 0 ? "" : "; %,d facts replaced".formatted(replaced));
  }
}
