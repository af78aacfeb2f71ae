package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.schema.lake.Tables.OBJECTS;
import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;

import io.millrace.workflows.lake.HourScope;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The condition that a slice is of an object of certain hours of the lake. */
public final class HourObjects {
  private HourObjects() {}

  /** The condition on {@code lake.slices}; always true without hours. */
  public static Condition slices(@Nullable HourScope hours) {
    if (hours == null) {
      return DSL.noCondition();
    }
    Condition inFolder =
        DSL.or(hours.folders().stream().map(OBJECTS.OBJECT_KEY::startsWith).toList());
    return SLICES.OBJECT_ID.in(
        DSL.select(OBJECTS.OBJECT_ID)
            .from(OBJECTS)
            .where(OBJECTS.BUCKET.eq(hours.scope().bucket()), inFolder));
  }
}
