package io.millrace.activities.training;

import io.millrace.core.models.PurchaseDefinition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One example of the purchase model: the first cart event of a product in a session. */
record PurchaseRow(
    String session,
    long productId,
    Instant time,
    @Nullable String brand,
    double price,
    int weekday,
    @Nullable String level1,
    @Nullable String level2,
    long activityCount,
    boolean purchased) {

  static TrainingTable table(List<PurchaseRow> rows) {
    TrainingTable table = new TrainingTable(PurchaseDefinition.MODEL);
    rows.forEach(row -> table.add((name, column) -> column.add(row.text(name))));
    return table;
  }

  private @Nullable String text(String name) {
    return switch (name) {
      case "user_session" -> session;
      case "product_id" -> Long.toString(productId);
      case "event_timestamp" -> time.toString();
      case "brand" -> brand;
      case "price" -> Double.toString(price);
      case "event_weekday" -> Integer.toString(weekday);
      case "category_code_level1" -> level1;
      case "category_code_level2" -> level2;
      case "activity_count" -> Long.toString(activityCount);
      case "is_purchased" -> purchased ? "1" : "0";
      default -> throw new IllegalArgumentException(name);
    };
  }
}
