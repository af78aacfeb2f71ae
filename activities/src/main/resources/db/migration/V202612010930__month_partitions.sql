-- Partitions are months. Those of single days that are there stay until their month is merged.

COMMENT ON TABLE silver.events IS
  'Each event once over all of history, one partition per UTC month (earlier builds: per UTC day); object_id is the object that brought it first. The day is part of the identity, so the key is unique over all partitions.';
COMMENT ON TABLE dwh.fact_events IS
  'One row an event, keyed by its identity, one partition per UTC month (earlier builds: per UTC day). price, brand and category levels are the event''s own, as they were then; the dimensions hold the newest.';

-- Partitions no longer divide the slices' days.
CREATE INDEX slices_day ON lake.slices (event_date);
