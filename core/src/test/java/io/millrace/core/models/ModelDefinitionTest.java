package io.millrace.core.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.serving.ModelSchema.Input;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelDefinitionTest {

  /** Data sets, mappings and versions of earlier releases have this order. */
  @Test
  void thePurchaseModelHasTheColumnsThatItAlwaysHad() {
    ModelDefinition model = PurchaseDefinition.MODEL;

    assertThat(model.columns())
        .extracting(Field::name)
        .containsExactly(
            "user_session",
            "product_id",
            "event_timestamp",
            "brand",
            "price",
            "event_weekday",
            "category_code_level1",
            "category_code_level2",
            "activity_count",
            "is_purchased");
    assertThat(model.order()).containsExactly("event_timestamp", "user_session", "product_id");
    assertThat(model.schema().toJson())
        .isEqualTo(
            "{\"inputs\":["
                + "{\"name\":\"brand\",\"kind\":\"category\",\"missing\":\"default\",\"default\":-1.0},"
                + "{\"name\":\"price\",\"kind\":\"number\",\"missing\":\"reject\"},"
                + "{\"name\":\"event_weekday\",\"kind\":\"category\",\"missing\":\"reject\"},"
                + "{\"name\":\"category_code_level1\",\"kind\":\"category\",\"missing\":\"default\",\"default\":-1.0},"
                + "{\"name\":\"category_code_level2\",\"kind\":\"category\",\"missing\":\"default\",\"default\":-1.0},"
                + "{\"name\":\"activity_count\",\"kind\":\"number\",\"missing\":\"reject\"}],"
                + "\"labels\":[]}");
  }

  @Test
  void aRowIsCodedByTheMappingsOfItsVersion() {
    CategoryMappings mappings =
        new CategoryMappings(
            Map.of(
                "brand", OrdinalEncoding.fit(List.of("acer", "sony")),
                "event_weekday", OrdinalEncoding.ofOrdered(List.of("0", "1")),
                "category_code_level1", OrdinalEncoding.fit(List.of("tv")),
                "category_code_level2", OrdinalEncoding.fit(List.of())));
    RowEncoder encoder = new RowEncoder(PurchaseDefinition.MODEL.schema(), mappings);

    assertThat(encoder.width()).isEqualTo(6);
    assertThat(encoder.index("price")).isEqualTo(1);
    assertThat(encoder.index("nothing")).isEqualTo(-1);
    assertThat(encoder.code(0, "sony")).isEqualTo(1);
    assertThat(encoder.code(0, "new")).isEqualTo(-1);
    assertThat(encoder.code(0, null)).isEqualTo(-1);
    assertThat(encoder.value(0, 1)).isEqualTo("sony");
    assertThat(encoder.value(0, -1)).isNull();
    assertThat(encoder.value(1, 9.5f)).isEqualTo(9.5f);
    assertThat(encoder.value(1, Float.NaN)).isNull();
    assertThatThrownBy(() -> encoder.code(1, "9.5")).hasMessage("Input price is no category");
    assertThatThrownBy(
            () -> new RowEncoder(PurchaseDefinition.MODEL.schema(), new CategoryMappings(Map.of())))
        .hasMessageContaining("No category mapping for feature 'brand'");
  }

  @Test
  void aTextIsNoNumber() {
    assertThatThrownBy(
            () -> new Feature(new Field("a", Field.Type.TEXT), Input.number("a"), List.of()))
        .hasMessage("Feature a: a text is no number");
  }
}
