package io.millrace.workflows.features;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** Steps from the warehouse to the online store. */
@ActivityInterface
public interface FeatureActivities {

  /** Makes sure that the online store answers. Changes nothing; fails with {@code UNAVAILABLE}. */
  @ActivityMethod(name = "check_online_store")
  OnlineCheck checkOnlineStore();

  /**
   * Writes the newest features of each user and product in the scope, under the guard that the live
   * job writes under: nothing newer is replaced, and any number of attempts and runs, one after the
   * other or at once, end in the same rows. What is marked as online is online. With nothing to
   * write it skips.
   */
  @ActivityMethod(name = "materialize_features")
  MaterializeResult materialize(MaterializeRequest request);
}
