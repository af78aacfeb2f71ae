package io.millrace.core.features;

import io.millrace.core.events.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the purchase model knows about a product in a shopper's cart.
 *
 * @param brand brand of the product, or null
 * @param price price in US dollars
 * @param eventWeekday see {@link EventWeekday}
 * @param categoryCodeLevel1 first part of the category code, or null
 * @param categoryCodeLevel2 second part of the category code, or null
 * @param activityCount see {@link ActivityCount}
 */
public record PurchaseFeatures(
    @Nullable String brand,
    double price,
    int eventWeekday,
    @Nullable String categoryCodeLevel1,
    @Nullable String categoryCodeLevel2,
    long activityCount) {

  /** The model's columns, in the order in which it was trained. */
  public static final List<String> NAMES =
      List.of(
          "brand",
          "price",
          "event_weekday",
          "category_code_level1",
          "category_code_level2",
          "activity_count");

  /** Derives the features of an event from it and the session's activity count at its time. */
  public static PurchaseFeatures of(Event event, long activityCount) {
    CategoryLevels levels = CategoryLevels.of(event.categoryCode());
    return new PurchaseFeatures(
        event.brand(),
        event.price(),
        EventWeekday.of(event.eventTime()),
        levels.level1(),
        levels.level2(),
        activityCount);
  }
}
