package io.millrace.core.models;

import io.millrace.core.models.ModelDefinition.Binary;
import io.millrace.core.models.ModelDefinition.Source;
import java.util.List;

/** Whether a product that was put into the cart is bought in the same session. */
public final class PurchaseDefinition {
  private static final List<String> WEEKDAYS = List.of("0", "1", "2", "3", "4", "5", "6");

  /** The definition. */
  public static final ModelDefinition MODEL =
      new ModelDefinition(
          "purchase_prediction_model",
          "XGBoost model for purchase prediction",
          "purchase_prediction",
          new Source(
              "dwh.vw_ml_purchase_prediction",
              "user_session",
              new Field("product_id", Field.Type.WHOLE),
              "event_timestamp",
              "millrace.label_horizon"),
          List.of(
              Feature.category("brand"),
              Feature.number("price"),
              Feature.category("event_weekday", WEEKDAYS),
              Feature.category("category_code_level1"),
              Feature.category("category_code_level2"),
              Feature.count("activity_count")),
          new Binary(
              "is_purchased",
              "purchases",
              "a cart event has a label once %d minutes of events have followed it"));

  private PurchaseDefinition() {}
}
