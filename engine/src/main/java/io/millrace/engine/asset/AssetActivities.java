package io.millrace.engine.asset;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;

/**
 * What the workflows of the asset hub, and runs, ask of the server. One that is interrupted is
 * repeated, so that a message may arrive twice.
 */
@ActivityInterface
public interface AssetActivities {

  /**
   * Sends messages in order, and starts whom they are for if it does not run.
   *
   * @param taskQueue the queue on which it is started
   * @return the places in the list of those that the server refuses
   */
  @ActivityMethod(name = "asset_send")
  List<Integer> send(String taskQueue, AssetMail mail);
}
