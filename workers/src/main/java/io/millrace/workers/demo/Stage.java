package io.millrace.workers.demo;

import java.time.Duration;
import java.util.function.Consumer;

/** One step of the demo. */
interface Stage {

  /** Its key in the report. */
  String name();

  /** How long it may take, generously: longer means that something is stuck. */
  Duration limit();

  /** What to look at if it fails or is stuck. */
  String lookAt();

  /**
   * Does the step.
   *
   * @param run what the stages before found; takes what this one finds
   * @param progress told in a few words how it stands, as often as it likes
   * @return in a few words what was done
   */
  String run(DemoRun run, Consumer<String> progress) throws Exception;
}
