package io.millrace.workers.webui;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagRuns;
import io.millrace.engine.RunReport;
import io.millrace.engine.payload.CodecServer;
import io.millrace.engine.schedule.DagSchedule;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.millrace.workers.cli.TemporalConnection;
import io.millrace.workers.cli.toys.Mill;
import io.millrace.workers.cli.toys.MillImpl;
import io.millrace.workers.cli.toys.MillWorker;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.payload.PayloadAccess;
import io.millrace.workers.worker.Pipeline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person with nothing but Temporal's own Web UI: starts a DAG from the form, sees its grid and
 * its timeline, answers its gate, and sees it finish. The pictures go to {@code target/webui}.
 */
class WebUiIT {
  private static final Path PICTURES = Path.of("target", "webui");
  private static final String OPTIONS =
      """
      [...document.querySelectorAll('[data-testid=update-confirmation-modal] [role=option]')]
          .filter(e => e.checkVisibility({visibilityProperty: true})).length + ''\
      """;
  private static final String FORM = "[data-testid=update-confirmation-modal]";
  private static final String RUN = Mill.NAME + "-by-hand";
  private static final String DETAILS =
      "document.querySelector('iframe[title=output]').contentDocument.body.innerText";

  @TempDir(cleanup = CleanupMode.NEVER)
  private Path profile;

  @Test
  void aDagIsStartedSeenAnsweredAndSeenToFinish() throws TimeoutException, IOException {
    Optional<Path> chromium = Browser.installed();
    Assumptions.assumeTrue(
        chromium.isPresent(), "no chromium on the PATH: apt-get install chromium");
    try (LocalStack stack = LocalStack.forTests(Component.TEMPORAL);
        MillWorker worker =
            MillWorker.start(stack.endpoints().temporal().target(), Pipeline.TASK_QUEUE);
        Browser browser = Browser.start(chromium.get(), profile, 1440, 900)) {
      assertThat(worker).isNotNull();
      Path state = stack.stack().config().state();
      TemporalConfig config =
          new TemporalConfig(
              stack.endpoints().temporal().target(),
              stack.endpoints().temporal().namespace(),
              URI.create(stack.endpoints().temporal().uiUrl()),
              Waiting.LIMIT);
      Settings settings = Settings.load(state, state, Map.of());
      // The Web UI's forms write their payloads by way of the codec, which a worker of `up` serves.
      int port = URI.create(stack.endpoints().temporal().codecUrl()).getPort();
      try (PayloadAccess payloads = PayloadAccess.of(settings);
          CodecServer codec = payloads.serve(config, port)) {
        assertThat(codec).isNotNull();
        start(browser, config);
        seeTheGrid(browser, page(config));
        seeTheTimeline(browser, page(config));
        answer(browser, page(config));
        seeTheEnd(browser, page(config));
      } finally {
        browser.screenshot(PICTURES.resolve("last.png"));
      }
      try (TemporalConnection temporal = TemporalConnection.open(config, settings)) {
        RunReport report = new DagRuns(temporal.client(), "").await(RUN, Waiting.LIMIT);
        assertThat(report.task("ship").detail()).isEqualTo("now (by ana)");
        assertThat(report.params()).isEqualTo("{\"sacks\":3,\"asks\":true,\"cart\":false}");
      }
    }
  }

  /** Opens the link of `dags list`, presses the button and types nothing. */
  private static void start(Browser browser, TemporalConfig config) {
    browser.go(
        TemporalConnection.startUrl(
            config,
            new Pipeline(Mill.NAME, MillImpl.class, DagSchedule.hourly(Mill.NAME), "a mill")));
    eventually(
        () ->
            assertThat(browser.ask("document.querySelector('#workflowType')?.value"))
                .isEqualTo(Mill.NAME));
    browser.screenshot(PICTURES.resolve("start.png"));
    click(browser, "[data-testid=start-workflow-button]", "Start Workflow");
    eventually(() -> assertThat(browser.ask("document.body.innerText")).contains("started"));
  }

  private static void seeTheGrid(Browser browser, String run) {
    browser.go(run);
    eventually(() -> assertThat(browser.ask("location.pathname")).endsWith("/timeline"));
    browser.go(browser.ask("location.href").replace("/timeline", "/user-metadata"));
    eventually(
        () ->
            assertThat(browser.ask(DETAILS))
                .contains("mill running", "list_sacks", "3/3", "awaiting_input", "load_cart")
                .contains("ship is waiting for one of now, later"));
    browser.screenshot(PICTURES.resolve("grid.png"));
  }

  private static void seeTheTimeline(Browser browser, String run) {
    browser.go(run);
    eventually(() -> assertThat(timeline(browser)).contains("list_sacks", "grind[0]", "grind[2]"));
    browser.screenshot(PICTURES.resolve("timeline.png"));
  }

  private static void answer(Browser browser, String run) {
    fillTheForm(browser, run);
    browser.screenshot(PICTURES.resolve("answer.png"));
    // The form can still move, so that a click with the mouse could hit its neighbour.
    Waiting.until(
        "the form to take the answer",
        () -> browser.press(FORM + " [data-testid=confirm-modal-button]", "Submit"),
        pressed -> pressed);
    // It closes once the run has taken the answer, and says why if the run does not.
    Waiting.until(
        "the form to close",
        () ->
            browser.ask(
                """
                (() => {
                  const forms = [...document.querySelectorAll('%s')].filter(e => e.checkVisibility());
                  return forms.length ? 'open: ' + forms.map(e => e.innerText).join() : 'closed';
                })()\
                """
                    .formatted(FORM)),
        "closed"::equals);
  }

  private static void fillTheForm(Browser browser, String run) {
    browser.go(run);
    click(browser, "button", "More Actions");
    // The menu can still move, so that a click with the mouse could hit its neighbour, Terminate.
    Awaitility.await("Update").until(() -> browser.press("[data-testid=update-button]", "Update"));
    eventually(
        () -> {
          chooseTheUpdate(browser);
          browser.click("[data-testid=update-confirmation-modal] [role=textbox]", "");
          assertThat(browser.ask("document.activeElement.role")).isEqualTo("textbox");
        });
    browser.type("{\"gate\":\"ship\",\"option\":\"now\",\"by\":\"ana\"}");
    eventually(
        () ->
            assertThat(
                    browser.ask(
                        "[...document.querySelectorAll('[data-testid=update-confirmation-modal]"
                            + " [data-testid=confirm-modal-button]')].some(e => !e.disabled)"))
                .isEqualTo("true"));
    // The editor lays the JSON out when it is left.
    browser.ask("document.activeElement.blur()");
    eventually(
        () ->
            assertThat(
                    browser.ask(
                        "[...document.querySelectorAll('[data-testid=update-confirmation-modal]"
                            + " [role=textbox]')].map(e => e.innerText).join()"))
                .contains("\"gate\": "));
    assertThat(chosen(browser)).contains("answer");
  }

  private static String chosen(Browser browser) {
    return browser.ask(
        "[...document.querySelectorAll('[data-testid=update-select]')].map(e => e.value).join('"
            + " ')");
  }

  /**
   * The list opens and closes slowly, so that a click with the mouse could hit another name; a
   * second, hidden list is for narrow screens. Fails until the name is chosen and the list closed.
   */
  private static void chooseTheUpdate(Browser browser) {
    if (chosen(browser).contains("answer")) {
      assertThat(browser.ask(OPTIONS)).as("visible names").isEqualTo("0");
    } else if (!browser.press("[data-testid=update-confirmation-modal] [role=option]", "answer")) {
      browser.click("[data-testid=update-select-button]", "");
    }
    assertThat(chosen(browser)).contains("answer");
  }

  private static void seeTheEnd(Browser browser, String run) {
    browser.go(run);
    eventually(
        () -> {
          assertThat(
                  browser.ask("document.querySelector('[data-testid=execution-status]').innerText"))
              .isEqualToIgnoringCase("completed");
          assertThat(timeline(browser)).contains("load_cart");
        });
    browser.screenshot(PICTURES.resolve("finished.png"));
  }

  /** The labels on the timeline are texts in a drawing. */
  private static String timeline(Browser browser) {
    return browser.ask("document.querySelector('main').textContent");
  }

  private static String page(TemporalConfig config) {
    return "%s/namespaces/%s/workflows/%s".formatted(config.uiUrl(), config.namespace(), RUN);
  }

  private static void click(Browser browser, String selector, String text) {
    Awaitility.await(selector).until(() -> browser.click(selector, text));
  }

  /**
   * A page that loads slowly shows more and more: the failed check, and with it its message,
   * changes.
   */
  private static void eventually(ThrowingRunnable check) {
    Waiting.until(
        "the page",
        () -> {
          try {
            check.run();
            return "as expected";
          } catch (Throwable e) {
            return String.valueOf(e.getMessage());
          }
        },
        "as expected"::equals);
  }
}
