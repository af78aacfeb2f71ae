package io.millrace.activities.warehouse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty warehouse and lake for each test. */
abstract class EmptyWarehouse extends WarehouseServers {

  PipelineFixture rig;

  @BeforeEach
  void startPipeline() throws Exception {
    rig = PipelineFixture.start(stack.endpoints());
  }

  @AfterEach
  void stopPipeline() {
    rig.close();
  }
}
