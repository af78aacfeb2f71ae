package io.millrace.bench.serving;

import io.millrace.serving.models.ModelSource;
import io.millrace.serving.models.RegisteredVersion;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import java.util.List;

/** A registry with one model of one version. */
record OneModel(String name, VersionFiles files) implements ModelSource {

  @Override
  public Rollout rollout(String model) {
    return Rollout.of("1");
  }

  @Override
  public RegisteredVersion find(String model, String version) {
    return RegisteredVersion.of("1", () -> files);
  }

  @Override
  public List<String> models() {
    return List.of(name);
  }
}
