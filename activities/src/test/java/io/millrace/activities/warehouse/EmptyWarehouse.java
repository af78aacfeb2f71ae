package io.millrace.activities.warehouse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty warehouse and lake for each test. */
abstract class EmptyWarehouse extends WarehouseServers {

  PipelineRig rig;

  @BeforeEach
  void startPipeline() throws Exception {
    rig = PipelineRig.start(stack.endpoints());
  }

  @AfterEach
  void stopPipeline() {
    rig.close();
  }
}
