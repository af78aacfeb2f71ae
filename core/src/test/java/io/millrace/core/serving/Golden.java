package io.millrace.core.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Models, rows and predictions that Python wrote: {@code src/test/python/forest_golden.py}. */
final class Golden {

  private Golden() {}

  static byte[] bytes(String file) {
    try (InputStream stream = Golden.class.getResourceAsStream("/serving/" + file)) {
      if (stream == null) {
        throw new IllegalArgumentException("no golden file " + file);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static float[][] table(String file) {
    List<String> lines = new String(bytes(file), UTF_8).lines().toList();
    float[][] table = new float[lines.size()][];
    for (int i = 0; i < table.length; i++) {
      String[] cells = lines.get(i).split(",");
      table[i] = new float[cells.length];
      for (int j = 0; j < cells.length; j++) {
        table[i][j] = cells[j].equals("nan") ? Float.NaN : Float.parseFloat(cells[j]);
      }
    }
    return table;
  }

  static float[] flat(float[][] table) {
    float[] flat = new float[table.length * table[0].length];
    for (int i = 0; i < table.length; i++) {
      System.arraycopy(table[i], 0, flat, i * table[i].length, table[i].length);
    }
    return flat;
  }
}
