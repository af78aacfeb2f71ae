package io.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackIT {
  @Test
  void startsTheFour() {
    try (LocalStack stack =
        LocalStack.forTests(
            Component.POSTGRES, Component.KAFKA, Component.S3, Component.TEMPORAL)) {
      stack.kill9(Component.POSTGRES);
      stack.restart(Component.POSTGRES);
      assertThat(stack.endpoints().s3().endpoint()).startsWith("http://127");
    }
  }
}
