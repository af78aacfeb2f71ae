package io.millrace.flink.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipLinesTest {
  private final OpenOutput target = new OpenOutput();
  private final GzipLines lines = new GzipLines(target);

  @Test
  void writesEachMessageAsOneLine() throws IOException {
    add("{\"a\":1}");
    add("{\n  \"b\":\r\n2}\n");
    lines.finish();

    assertThat(read()).isEqualTo("{\"a\":1}\n{   \"b\":  2} \n");
  }

  @Test
  void writesAnObjectOfAnySize() throws IOException {
    List<String> added = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      added.add("{\"number\":" + i + "}");
      add(added.get(i));
      lines.flush();
    }
    lines.finish();

    assertThat(read().lines()).containsExactlyElementsOf(added);
    assertThat(target.size()).isLessThan(read().length() / 3);
  }

  @Test
  void leavesTheTargetOpenAsFlinkWantsIt() throws IOException {
    add("{}");
    lines.finish();

    assertThat(target.closed).isFalse();
  }

  private void add(String json) throws IOException {
    lines.addElement(new LakeLine(0, json.getBytes(StandardCharsets.UTF_8)));
  }

  private String read() throws IOException {
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(target.toByteArray())).readAllBytes(),
        StandardCharsets.UTF_8);
  }

  private static final class OpenOutput extends ByteArrayOutputStream {
    private boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }
}
