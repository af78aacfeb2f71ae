-- Features of every event at its own time, and which of them the online store has.

CREATE VIEW dwh.vw_event_features AS
SELECT event_id,
       event_timestamp,
       user_id,
       product_id,
       user_session,
       brand,
       price,
       (EXTRACT(ISODOW FROM event_timestamp AT TIME ZONE 'UTC') - 1)::smallint AS event_weekday,
       category_l1 AS category_code_level1,
       category_l2 AS category_code_level2,
       -- The default frame is RANGE: events of the same instant count together, whatever their order.
       count(*) OVER (PARTITION BY user_session ORDER BY event_timestamp) AS activity_count
  FROM dwh.fact_events;
COMMENT ON VIEW dwh.vw_event_features IS
  'The features of each event as they were at its time. What was known of a user and a product at a time is the row with the greatest (event_timestamp, event_id) not after it: the same that the online store holds.';

ALTER TABLE lake.slices ADD COLUMN online_at timestamptz;
COMMENT ON COLUMN lake.slices.online_at IS
  'When the features of the slice''s sessions were written to the online store from here; null if they are still to be.';
CREATE INDEX slices_not_online ON lake.slices (event_date) WHERE online_at IS NULL;
