package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.stack.LocalStack;
import io.millrace.stack.Port;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.Venvs;
import io.millrace.stack.process.Ports;
import io.millrace.workers.cli.DocsBlocks.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A newcomer types every block of every page, in the order of the page, into a real bash: from the
 * demo of the README on, on real servers. A block that cannot be typed in a test says why in a
 * comment before it.
 */
@Tag("long")
class PagesIT {
  /** The first page brings everything up, and down again at its end; the others want it up. */
  private static final String FIRST = "README.md";

  private static LocalStack stack;
  private static Path folder;
  private static Typist typist;

  @BeforeAll
  static void prepare() throws IOException {
    stack = LocalStack.forTests();
    StackConfig config = stack.stack().config();
    folder = config.state().getParent();
    Files.createSymbolicLink(folder.resolve("scripts"), config.home().resolve("scripts"));
    // Busy as a machine may be that tests run on: no request fails for that.
    Files.writeString(folder.resolve("millrace.properties"), "serving.features-timeout=5s\n");
    Files.writeString(folder.resolve(".curlrc"), "fail-with-body\n");
    layOut();
    List<Integer> free = Ports.free(3);
    Map<String, String> environment = environment(config);
    environment.put("SERVING_PORT", free.get(0).toString());
    Map<Integer, Integer> ports = ports(config);
    ports.put(8000, free.get(0));
    ports.put(8010, free.get(1)); // a second server
    ports.put(8235, free.get(2)); // a second codec
    typist = new Typist(folder, environment, ports);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void everyBlockOfThePagesDoesWhatThePageSays() throws Exception {
    Map<String, List<Block>> pages =
        DocsBlocks.all().stream()
            .collect(Collectors.groupingBy(Block::page, LinkedHashMap::new, Collectors.toList()));
    typist.page(FIRST, pages.getOrDefault(FIRST, List.of()));
    typist.command("PagesIT", "millrace up --cdc");
    pages.remove(FIRST);
    for (Map.Entry<String, List<Block>> page : pages.entrySet()) {
      typist.page(page.getKey(), page.getValue());
    }
    System.out.println(typist.summary());
    assertThat(typist.faults()).isEmpty();
  }

  /** Files that pages take for granted, and the environments whose installation is not typed. */
  private static void layOut() throws IOException {
    Files.writeString(
        folder.resolve("report.sql"), "select count(*) as events from dwh.fact_events\n");
    Files.writeString(
        folder.resolve("train.csv"),
        """
        "Store","DayOfWeek","Date","Sales","Customers","Open","Promo","StateHoliday","SchoolHoliday"
        1,5,2015-07-31,5263,555,1,1,"0","1"
        2,5,2015-07-31,6064,625,1,1,"0","1"
        """);
    Venvs venvs = Venvs.standard();
    link("model", venvs.modelCheck());
    link("client", venvs.apiClient());
  }

  private static void link(String name, Path python) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), python.getParent().getParent());
  }

  private static Map<String, String> environment(StackConfig config) {
    Map<String, String> environment = new HashMap<>();
    for (Port port : Port.values()) {
      environment.put(port.variable(), Integer.toString(config.port(port)));
    }
    environment.put("PATH", folder.resolve("scripts") + ":" + System.getenv("PATH"));
    environment.put("MILLRACE_DATA", config.state().toString());
    environment.put("MILLRACE_SKIP_BUILD", "1"); // what is tested was built a moment ago
    environment.put("CURL_HOME", folder.toString());
    environment.put("COLUMNS", "100");
    return environment;
  }

  /** The ports that the pages name, and the test's own. */
  private static Map<Integer, Integer> ports(StackConfig config) {
    Map<Integer, Integer> ports = new HashMap<>();
    for (Port port : Port.values()) {
      ports.put(port.standard(), config.port(port));
    }
    return ports;
  }
}
