package io.millrace.engine.asset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which assets a DAG waits for, as Airflow's {@code a & (b | c)}.
 *
 * <pre>{@code AssetCondition.all(AssetCondition.of(ORDERS), AssetCondition.any(EU, US))}</pre>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AssetCondition.Updated.class, name = "updated"),
  @JsonSubTypes.Type(value = AssetCondition.All.class, name = "all"),
  @JsonSubTypes.Type(value = AssetCondition.Any.class, name = "any")
})
public sealed interface AssetCondition {

  /** Whether it holds, given the assets that have changed. */
  boolean holds(Set<String> changed);

  /** The assets that it speaks of. */
  @JsonIgnore
  Set<String> assets();

  /** Holds when one asset has changed. */
  static AssetCondition of(Asset asset) {
    return new Updated(asset.name());
  }

  /** Holds when each of the parts does. */
  static AssetCondition all(AssetCondition... parts) {
    return new All(List.of(parts));
  }

  /** Holds when each of the assets has changed. */
  static AssetCondition all(Asset... assets) {
    return new All(Arrays.stream(assets).map(AssetCondition::of).toList());
  }

  /** Holds when one of the parts does. */
  static AssetCondition any(AssetCondition... parts) {
    return new Any(List.of(parts));
  }

  /** Holds when one of the assets has changed. */
  static AssetCondition any(Asset... assets) {
    return new Any(Arrays.stream(assets).map(AssetCondition::of).toList());
  }

  /** One asset has changed. */
  record Updated(String asset) implements AssetCondition {
    @Override
    public boolean holds(Set<String> changed) {
      return changed.contains(asset);
    }

    @Override
    public Set<String> assets() {
      return Set.of(asset);
    }
  }

  /** Every part holds. */
  record All(List<AssetCondition> parts) implements AssetCondition {
    public All {
      parts = notEmpty(parts);
    }

    @Override
    public boolean holds(Set<String> changed) {
      return parts.stream().allMatch(part -> part.holds(changed));
    }

    @Override
    public Set<String> assets() {
      return union(parts);
    }
  }

  /** Some part holds. */
  record Any(List<AssetCondition> parts) implements AssetCondition {
    public Any {
      parts = notEmpty(parts);
    }

    @Override
    public boolean holds(Set<String> changed) {
      return parts.stream().anyMatch(part -> part.holds(changed));
    }

    @Override
    public Set<String> assets() {
      return union(parts);
    }
  }

  private static List<AssetCondition> notEmpty(List<AssetCondition> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("A condition needs at least one asset");
    }
    return List.copyOf(parts);
  }

  private static Set<String> union(List<AssetCondition> parts) {
    return parts.stream()
        .flatMap(part -> part.assets().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
