package io.millrace.core.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A registry of one model in memory, whose changes can fail. */
final class MemoryRegistry implements RegistryStore {
  static final String MODEL = "shop";

  final Map<String, String> aliases = new TreeMap<>();
  final Map<String, String> tags = new TreeMap<>();
  final Map<String, Map<String, String>> versions = new TreeMap<>();

  /** What happens at a change, by its number from 0. */
  interface Fault {
    /** Is called before the change; what it throws prevents it. */
    default void before(int change) {}

    /** Is called after the change; what it throws hides it. */
    default void after(int change) {}
  }

  Fault fault = new Fault() {};
  int changes;

  MemoryRegistry version(String version, String gate) {
    versions.put(
        version, new HashMap<>(gate.isEmpty() ? Map.of() : Map.of(ModelVersion.GATE, gate)));
    return this;
  }

  /** All that can be seen of it, but for the audit records. */
  String state() {
    return aliases + " " + tags;
  }

  List<PromotionRecord> records(String version) {
    return PromotionRecord.of(findVersion(MODEL, version).orElseThrow());
  }

  @Override
  public Optional<RegisteredModel> model(String name) {
    return name.equals(MODEL)
        ? Optional.of(new RegisteredModel(name, aliases, tags))
        : Optional.empty();
  }

  @Override
  public Optional<ModelVersion> findVersion(String name, String version) {
    return Optional.ofNullable(versions.get(version))
        .map(found -> new ModelVersion(name, version, "run", "source", found, 0, 0));
  }

  @Override
  public List<ModelVersion> versions(String name) {
    return versions.keySet().stream().map(one -> findVersion(name, one).orElseThrow()).toList();
  }

  @Override
  public void setAlias(String name, String alias, @Nullable String version) {
    change(() -> put(aliases, alias, version));
  }

  @Override
  public void setModelTag(String name, String key, @Nullable String value) {
    change(() -> put(tags, key, value));
  }

  @Override
  public void setVersionTag(String name, String version, String key, @Nullable String value) {
    change(() -> put(versions.get(version), key, value));
  }

  private void change(Runnable change) {
    int number = changes++;
    fault.before(number);
    change.run();
    fault.after(number);
  }

  private static void put(Map<String, String> values, String key, @Nullable String value) {
    if (value == null) {
      values.remove(key);
    } else {
      values.put(key, value);
    }
  }

  /** Every record of every version, for a comparison. */
  List<PromotionRecord> allRecords() {
    List<PromotionRecord> all = new ArrayList<>();
    versions.keySet().forEach(version -> all.addAll(records(version)));
    return all;
  }
}
