-- A cart event has a label once a horizon has passed since it, and the label is final from then on.

CREATE OR REPLACE VIEW dwh.vw_ml_purchase_prediction AS
WITH label AS (
  SELECT coalesce(nullif(current_setting('millrace.label_horizon', true), ''), '30 minutes')::interval AS horizon,
         -- An event whose time has not come yet says nothing about the time before it.
         (SELECT max(event_timestamp) FROM dwh.fact_events WHERE event_timestamp <= now()) AS known_until
), session_events AS (
  SELECT event_id, event_timestamp, event_type, user_session, product_id, user_id, price, brand, category_l1, category_l2,
         -- The default frame is RANGE: events of the same instant count together, whatever their order.
         count(*) OVER (PARTITION BY user_session ORDER BY event_timestamp) AS activity_count
    FROM dwh.fact_events
   WHERE user_session IN (SELECT user_session FROM dwh.fact_events WHERE event_type = 'cart')
), first_carts AS (
  SELECT DISTINCT ON (user_session, product_id) *
    FROM session_events
   WHERE event_type = 'cart'
   ORDER BY user_session, product_id, event_timestamp, event_id
), purchases AS (
  SELECT c.event_id,
         count(*) FILTER (WHERE p.event_timestamp = c.event_timestamp) AS at_once
    FROM first_carts c
    JOIN dwh.fact_events p USING (user_session, product_id)
   CROSS JOIN label
   WHERE p.event_type = 'purchase'
     AND p.event_timestamp BETWEEN c.event_timestamp AND c.event_timestamp + label.horizon
   GROUP BY c.event_id
)
SELECT c.event_id,
       c.event_timestamp,
       c.user_session,
       c.user_id,
       c.product_id,
       c.brand,
       c.price,
       (EXTRACT(ISODOW FROM c.event_timestamp AT TIME ZONE 'UTC') - 1)::smallint AS event_weekday,
       c.category_l1 AS category_code_level1,
       c.category_l2 AS category_code_level2,
       -- What decides the label is no feature: nobody knew of it when the prediction was wanted.
       c.activity_count - coalesce(p.at_once, 0) AS activity_count,
       (p.event_id IS NOT NULL)::int AS is_purchased
  FROM first_carts c
 CROSS JOIN label
  LEFT JOIN purchases p USING (event_id)
 WHERE c.event_timestamp + label.horizon <= label.known_until;
COMMENT ON VIEW dwh.vw_ml_purchase_prediction IS
  'Training rows, point in time: the first cart event of a session and product with what was known at that instant, once a horizon has passed since it. is_purchased: a purchase of the product in the session from that instant on up to and including the horizon''s end. The horizon is the setting millrace.label_horizon, an interval, or 30 minutes.';
