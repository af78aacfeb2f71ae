package io.millrace.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CategoryMappingsTest {

  @Test
  void codesSortedDistinctValuesAndKnowsWhatItDoesNotKnow() {
    OrdinalEncoding brand =
        OrdinalEncoding.fit(Arrays.asList("sony", null, "acer", "sony", "apple"));

    assertThat(brand.values()).containsExactly("acer", "apple", "sony");
    assertThat(brand.code("apple")).isEqualTo(1);
    assertThat(brand.code("nokia")).isEqualTo(-1);
    assertThat(brand.code(null)).isEqualTo(-1);
  }

  @Property(tries = 200)
  void survivesJson(@ForAll Set<String> brands, @ForAll Set<String> levels) {
    CategoryMappings mappings =
        new CategoryMappings(
            Map.of("brand", OrdinalEncoding.fit(brands), "level1", OrdinalEncoding.fit(levels)));

    CategoryMappings read = CategoryMappings.fromJson(mappings.toJson());

    assertThat(read).isEqualTo(mappings);
    assertThat(read.encoding("brand").values()).containsExactlyElementsOf(new TreeSet<>(brands));
  }

  @Test
  void readsCodesInAnyOrder() {
    CategoryMappings read = CategoryMappings.fromJson("{\"brand\":{\"b\":1,\"a\":0}}");

    assertThat(read.code("brand", "b")).isEqualTo(1);
  }

  @Test
  void refusesWhatIsNotAMapping() {
    assertThatThrownBy(() -> CategoryMappings.fromJson("{\"brand\":{\"a\":1}}"))
        .hasMessageContaining("Codes of feature 'brand' are not 0..0");
    assertThatThrownBy(() -> CategoryMappings.fromJson("[]")).hasMessageContaining("the document");
    assertThatThrownBy(() -> CategoryMappings.fromJson("{"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CategoryMappings(Map.of()).code("brand", "x"))
        .hasMessageContaining("No category mapping for feature 'brand'");
  }
}
