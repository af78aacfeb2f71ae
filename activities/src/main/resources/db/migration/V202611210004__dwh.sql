-- Gold: a star of four dimensions and one fact table.

CREATE SCHEMA dwh;

CREATE TABLE dwh.dim_user (
  user_id bigint PRIMARY KEY
);

CREATE TABLE dwh.dim_product (
  product_id       bigint PRIMARY KEY,
  brand            varchar(255),
  price            decimal(10, 2) NOT NULL,
  price_tier       varchar(50) NOT NULL,
  as_of            timestamptz NOT NULL,
  as_of_event_id   bytea NOT NULL
);
COMMENT ON TABLE dwh.dim_product IS 'A product as its newest event shows it; as_of is that event''s time, and of equal times the greater event_id wins.';
CREATE INDEX dim_product_brand ON dwh.dim_product (brand);

CREATE TABLE dwh.dim_category (
  category_id      bigint PRIMARY KEY,
  category_code    varchar(255),
  category_l1      varchar(255),
  category_l2      varchar(255),
  category_l3      varchar(255),
  as_of            timestamptz NOT NULL,
  as_of_event_id   bytea NOT NULL
);
COMMENT ON TABLE dwh.dim_category IS 'A category as its newest event shows it; see dim_product.';
CREATE INDEX dim_category_l1 ON dwh.dim_category (category_l1);

CREATE TABLE dwh.dim_date (
  event_date       date PRIMARY KEY,
  day_of_week      varchar(50) NOT NULL,
  event_weekday    smallint NOT NULL CHECK (event_weekday BETWEEN 0 AND 6),
  year             smallint NOT NULL,
  month            smallint NOT NULL,
  day              smallint NOT NULL,
  is_weekend       boolean NOT NULL
);
COMMENT ON TABLE dwh.dim_date IS 'One row a UTC day (hours are on the fact). event_weekday: Monday = 0 ... Sunday = 6.';

CREATE TABLE dwh.fact_events (
  event_timestamp  timestamptz NOT NULL,
  user_id          bigint NOT NULL REFERENCES dwh.dim_user,
  product_id       bigint NOT NULL REFERENCES dwh.dim_product,
  category_id      bigint NOT NULL REFERENCES dwh.dim_category,
  price            double precision NOT NULL,
  event_date       date NOT NULL REFERENCES dwh.dim_date,
  events_in_session int NOT NULL,
  event_hour       smallint NOT NULL,
  event_id         bytea NOT NULL,
  event_type       varchar(50) NOT NULL,
  user_session     varchar(255) COLLATE "C" NOT NULL,
  brand            varchar(255),
  category_l1      varchar(255),
  category_l2      varchar(255),
  PRIMARY KEY (event_id, event_date)
) PARTITION BY RANGE (event_date);
COMMENT ON TABLE dwh.fact_events IS
  'One row an event, keyed by its identity, one partition per UTC day. price, brand and category levels are the event''s own, as they were then; the dimensions hold the newest.';
CREATE INDEX fact_events_user ON dwh.fact_events (user_id);
CREATE INDEX fact_events_product ON dwh.fact_events (product_id);
CREATE INDEX fact_events_session ON dwh.fact_events (user_session);
CREATE INDEX idx_fact_events_cart_purchase ON dwh.fact_events (event_type, user_session, product_id)
  WHERE event_type IN ('cart', 'purchase');

CREATE VIEW dwh.vw_user_session_summary AS
SELECT user_session,
       min(user_id) AS user_id,
       count(*) AS event_count,
       min(event_timestamp) AS session_start,
       max(event_timestamp) AS session_end,
       max(event_timestamp) - min(event_timestamp) AS session_duration,
       count(DISTINCT product_id) FILTER (WHERE event_type = 'view') AS unique_products_viewed
  FROM dwh.fact_events
 GROUP BY user_session;

CREATE VIEW dwh.vw_category_performance AS
SELECT f.category_id,
       c.category_code,
       c.category_l1,
       c.category_l2,
       count(*) FILTER (WHERE f.event_type = 'view') AS view_count,
       count(*) FILTER (WHERE f.event_type = 'cart') AS cart_count,
       count(*) FILTER (WHERE f.event_type = 'purchase') AS purchase_count,
       count(DISTINCT f.user_id) AS unique_users,
       avg(f.price) AS avg_price
  FROM dwh.fact_events f
  JOIN dwh.dim_category c USING (category_id)
 GROUP BY f.category_id, c.category_code, c.category_l1, c.category_l2;

CREATE VIEW dwh.vw_ml_purchase_prediction AS
WITH session_events AS (
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
), last_purchases AS (
  SELECT user_session, product_id, max(event_timestamp) AS purchased_at
    FROM dwh.fact_events
   WHERE event_type = 'purchase'
   GROUP BY user_session, product_id
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
       c.activity_count,
       coalesce(p.purchased_at > c.event_timestamp, false)::int AS is_purchased
  FROM first_carts c
  LEFT JOIN last_purchases p USING (user_session, product_id);
COMMENT ON VIEW dwh.vw_ml_purchase_prediction IS
  'Training rows, point in time: the first cart event of a session and product with what was known at that instant; is_purchased looks only at what came strictly later.';
