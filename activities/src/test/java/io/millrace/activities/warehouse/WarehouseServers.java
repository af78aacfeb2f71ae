package io.millrace.activities.warehouse;

import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** PostgreSQL and an object store for a class of tests. */
abstract class WarehouseServers {

  static LocalStack stack;

  @BeforeAll
  static void startServers() {
    stack = LocalStack.forTests(Component.POSTGRES, Component.S3);
  }

  @AfterAll
  static void stopServers() {
    stack.close();
  }
}
