package io.millrace.engine.asset;

import java.util.List;

/**
 * All that an owner declares.
 *
 * @param schedules the DAGs that wait for assets, each once
 */
public record AssetDeclaration(AssetOwner owner, List<AssetSchedule> schedules) {

  public AssetDeclaration {
    schedules = List.copyOf(schedules);
  }
}
