package io.millrace.workflows.lake;

import java.util.List;

/**
 * The part of the lake that a run of certain hours is about.
 *
 * @param scope where
 * @param hours when
 */
public record HourScope(LakeScope scope, LakeHours hours) {

  /** The key of every object in the scope begins with one of these. */
  public List<String> folders() {
    return hours.folders(scope.prefix());
  }
}
