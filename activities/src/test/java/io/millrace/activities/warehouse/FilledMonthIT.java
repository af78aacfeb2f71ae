package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts of a new month are loaded into a table of their own: whatever stops that, none is lost. */
class FilledMonthIT extends MigratedWarehouse {
  @Test
  void theNextLoadCompletesAMonthThatWasFilledAndNotAttached() throws Exception {
    rig.ingest(
        "a",
        List.of(
            event("2018-01-01T10:00:00Z", "s"),
            event("2018-01-02T10:00:00Z", "s"),
            event("2018-01-02T11:00:00Z", "t")));
    rig.transformDays();
    execute("CREATE TABLE dwh.fact_events_201801_days (stops int)"); // the name of an index

    assertThatThrownBy(rig::loadGold).hasStackTraceContaining("fact_events_201801_days");
    assertThat(facts()).isZero();
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events_201801_filling")).isEqualTo(3);

    execute("DROP TABLE dwh.fact_events_201801_days");
    rig.ingest("b", List.of(event("2018-02-01T10:00:00Z", "s")));
    rig.loadAll();

    assertThat(facts()).isEqualTo(4);
    assertThat(
            rig.rows(
                "SELECT user_session, events_in_session, count(*) FROM dwh.fact_events GROUP BY 1,"
                    + " 2 ORDER BY 1"))
        .containsExactly("s 3 3", "t 1 1");
    assertThat(rig.rows("SELECT to_regclass('dwh.fact_events_201801_filling')"))
        .containsExactly("null");
  }

  @Test
  void anHourThatIsReplacedMeanwhileIsReplacedOnce() throws Exception {
    String hour = "year=2018/month=01/day=01/hour=10/";
    rig.ingest(
        hour + "a",
        List.of(event("2018-01-01T10:00:00Z", "s"), event("2018-01-01T10:01:00Z", "s")));
    rig.transformDays();
    execute("CREATE TABLE dwh.fact_events_201801_days (stops int)");
    assertThatThrownBy(rig::loadGold).hasStackTraceContaining("fact_events_201801_days");
    execute("DROP TABLE dwh.fact_events_201801_days");

    rig.lake.put(hour + "a", List.of(event("2018-01-01T10:02:00Z", "s")));
    rig.ingestHour(hour);
    rig.loadAll();

    assertThat(rig.rows("SELECT event_timestamp, events_in_session FROM dwh.fact_events"))
        .containsExactly("2018-01-01T10:02Z 1");
  }

  @Test
  void saysWhatToDoAboutATableInThePlaceOfAPartition() throws Exception {
    rig.ingest("a", List.of(event("2018-01-01T10:00:00Z", "s")));
    execute("CREATE TABLE silver.events_201801 (detached int)");

    assertThatThrownBy(rig::transformDays)
        .hasStackTraceContaining(
            "silver.events_201801 is there, but is no partition of silver.events. Attach it to"
                + " silver.events again, or rename it.");
  }

  private static Event event(String time, String session) {
    return new Event(Instant.parse(time), EventType.VIEW, 1, 2, "a.b", "b", 3, 4, session);
  }

  private long facts() {
    return rig.number("SELECT count(*) FROM dwh.fact_events");
  }

  private void execute(String sql) {
    rig.warehouse.transaction(context -> context.execute(sql));
  }
}
