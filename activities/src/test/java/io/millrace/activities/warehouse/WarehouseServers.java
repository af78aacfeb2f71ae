package io.millrace.activities.warehouse;

import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * PostgreSQL and an object store for a class of tests; an empty warehouse and lake for each test.
 */
abstract class WarehouseServers {

  static LocalStack stack;

  PipelineRig rig;

  @BeforeAll
  static void startServers() {
    stack = LocalStack.forTests(Component.POSTGRES, Component.S3);
  }

  @AfterAll
  static void stopServers() {
    stack.close();
  }

  @BeforeEach
  void startPipeline() throws Exception {
    rig = PipelineRig.start(stack.endpoints());
  }

  @AfterEach
  void stopPipeline() {
    rig.close();
  }
}
