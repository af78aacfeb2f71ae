package io.millrace.activities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.PromotionRefusedException;
import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.workflows.PipelineFailure;
import io.temporal.failure.ApplicationFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Temporal sees of the failures of tasks. */
class PipelineExceptionTest {

  @ParameterizedTest
  @EnumSource(PipelineFailure.class)
  void aFailureHasItsNameAsTypeAndIsRetriedIfThatCanHelp(PipelineFailure failure) {
    assertSeen(new PipelineException(failure, "why"), failure);
  }

  @Test
  void aFailureOfTheRegistryHasATypeToo() {
    assertSeen(new RegistryUnavailableException("why"), PipelineFailure.UNAVAILABLE);
    assertSeen(new NotRegisteredException("why"), PipelineFailure.NOT_FOUND);
    assertSeen(new RegistryRefusedException("why", 400), PipelineFailure.REGISTRY_REFUSED);
    assertSeen(
        new PromotionRefusedException(PromotionRefusedException.Rule.GATE, "why"),
        PipelineFailure.REGISTRY_REFUSED);
  }

  @Test
  void otherFailuresStayAsTheyAre() {
    IllegalStateException failure = new IllegalStateException("why");

    assertThatThrownBy(() -> thrown(failure)).isSameAs(failure);
  }

  private static void assertSeen(RuntimeException failure, PipelineFailure type) {
    assertThatThrownBy(() -> thrown(failure))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            seen -> {
              assertThat(seen.getType()).isEqualTo(type.name());
              assertThat(seen.isNonRetryable()).isEqualTo(!type.isRetried());
              assertThat(seen.getOriginalMessage()).isEqualTo("why");
            });
  }

  private static void thrown(RuntimeException failure) {
    var unused =
        PipelineException.translated(
            () -> {
              throw failure;
            });
  }
}
