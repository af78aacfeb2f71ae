package io.millrace.workflows.registry;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** Registers models. */
@ActivityInterface
public interface RegistryActivities {

  /**
   * Registers the candidate as exactly one new version and, if the gate let it through and the
   * champion is still the version that it was compared with, moves the aliases {@code champion} and
   * {@code current} to it, and {@code best} if no champion before had a lower log loss. A held-back
   * version is kept without an alias, tagged with the reasons, so that it can be looked at and
   * promoted by hand.
   *
   * <p>Idempotent by the Temporal run id: a retry finds the run and the version that an earlier
   * attempt made and completes them.
   */
  @ActivityMethod(name = "save_results")
  RegisteredVersion saveResults(RegistrationRequest request);
}
