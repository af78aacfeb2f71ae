package io.millrace.bench.fuzz;

import io.millrace.core.registry.Aliases;
import io.millrace.core.registry.ModelVersion;
import io.millrace.core.registry.RegisteredModel;
import io.millrace.core.registry.RegistryStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A registry with one version, which is the champion whatever is changed. */
record OneVersionStore(String model, String version) implements RegistryStore {

  @Override
  public Optional<RegisteredModel> model(String name) {
    Map<String, String> aliases = Map.of(Aliases.CHAMPION, version, Aliases.CURRENT, version);
    return name.equals(model)
        ? Optional.of(new RegisteredModel(name, aliases, Map.of()))
        : Optional.empty();
  }

  @Override
  public Optional<ModelVersion> findVersion(String name, String wanted) {
    Map<String, String> tags = Map.of(ModelVersion.GATE, ModelVersion.PASSED);
    return name.equals(model) && wanted.equals(version)
        ? Optional.of(new ModelVersion(name, version, "run", "source", tags, 0, 0))
        : Optional.empty();
  }

  @Override
  public List<ModelVersion> versions(String name) {
    return findVersion(name, version).stream().toList();
  }

  @Override
  public void setAlias(String name, String alias, @Nullable String to) {
    // The only version serves.
  }

  @Override
  public void setModelTag(String name, String key, @Nullable String value) {
    // There is no canary whose share it could be.
  }

  @Override
  public void setVersionTag(String name, String tagged, String key, @Nullable String value) {
    // The champion never changes, so that there is nothing to record.
  }
}
