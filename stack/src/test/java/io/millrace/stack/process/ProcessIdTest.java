package io.millrace.stack.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdTest {
  private static final String AFTER_COMMAND =
      " S 1 42 42 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 11 0 987654 1000 50";

  @Test
  void countsFieldsFromTheLastParenthesis() {
    String stat = "42 (we) ird) (name" + ")" + AFTER_COMMAND;

    assertThat(ProcessId.startTicks(stat)).contains("987654");
  }

  @Test
  void takesZombiesForDead() {
    String stat = "42 (java)" + AFTER_COMMAND.replace(" S ", " Z ");

    assertThat(ProcessId.startTicks(stat)).isEmpty();
  }

  @Test
  void readsNothingFromATextCutShort() {
    assertThat(ProcessId.startTicks("42 (java) S 1")).isEmpty();
    assertThat(ProcessId.startTicks("")).isEmpty();
    assertThat(ProcessId.parse("")).isEmpty();
    assertThat(ProcessId.parse("42")).isEmpty();
    assertThat(ProcessId.parse("x linux:1")).isEmpty();
    assertThat(ProcessId.parse("-1 linux:1")).isEmpty();
  }

  @Test
  void readsWhatItWrites() {
    ProcessId own = ProcessId.current();

    assertThat(ProcessId.parse(own.format() + "\n")).contains(own);
    assertThat(own.isAlive()).isTrue();
  }

  @Test
  void takesALaterProcessWithTheSameNumberForAnother() {
    ProcessId earlier = new ProcessId(ProcessHandle.current().pid(), "linux:another-boot:1");

    assertThat(earlier.isAlive()).isFalse();
  }
}
