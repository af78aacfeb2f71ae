package io.millrace.activities.warehouse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A warehouse with the newest schema and no rows, and an empty lake, for each test. */
abstract class MigratedWarehouse extends WarehouseServers {

  WarehouseFixture rig;

  @BeforeEach
  void migrateWarehouse() throws Exception {
    rig = new WarehouseFixture(stack.endpoints());
    rig.warehouse.migrate();
  }

  @AfterEach
  void closeWarehouse() {
    rig.close();
  }
}
