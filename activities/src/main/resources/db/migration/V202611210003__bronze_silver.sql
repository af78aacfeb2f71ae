-- Bronze: every valid line as it came. Silver: each event once, with what is derived from it alone.

CREATE SCHEMA bronze;

CREATE TABLE bronze.events (
  object_id     bigint NOT NULL,
  line_number   bigint NOT NULL,
  event_time    timestamptz NOT NULL,
  product_id    bigint NOT NULL,
  category_id   bigint NOT NULL,
  user_id       bigint NOT NULL,
  price         double precision NOT NULL,
  event_id      bytea NOT NULL,
  event_type    text NOT NULL,
  user_session  text COLLATE "C" NOT NULL,
  category_code text,
  brand         text
);
COMMENT ON TABLE bronze.events IS 'Valid lines of loaded objects, duplicates included; event_id is the event''s identity, a SHA-256.';
-- Objects arrive together, so a range index finds them at next to no cost per row.
CREATE INDEX events_object ON bronze.events USING brin (object_id) WITH (pages_per_range = 16, autosummarize = on);

CREATE SCHEMA silver;

CREATE TABLE silver.events (
  event_timestamp timestamptz NOT NULL,
  product_id      bigint NOT NULL,
  category_id     bigint NOT NULL,
  user_id         bigint NOT NULL,
  price           double precision NOT NULL,
  object_id       bigint NOT NULL,
  event_date      date NOT NULL,
  event_id        bytea NOT NULL,
  event_type      text NOT NULL,
  user_session    text COLLATE "C" NOT NULL,
  brand           text,
  category_code   text,
  -- Derived from the columns above when read: the same as core's CategoryLevels and PriceTier.
  event_hour      smallint GENERATED ALWAYS AS (extract(hour FROM event_timestamp AT TIME ZONE 'UTC')::smallint) VIRTUAL,
  day_of_week     text GENERATED ALWAYS AS ((ARRAY['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
                    [extract(isodow FROM event_date)::int]) VIRTUAL,
  price_tier      text GENERATED ALWAYS AS (CASE WHEN price < 50 THEN 'low' WHEN price < 250 THEN 'medium'
                    WHEN price < 1000 THEN 'high' ELSE 'luxury' END) VIRTUAL,
  category_l1     text GENERATED ALWAYS AS (nullif(split_part(category_code, '.', 1), '')) VIRTUAL,
  category_l2     text GENERATED ALWAYS AS (nullif(split_part(category_code, '.', 2), '')) VIRTUAL,
  category_l3     text GENERATED ALWAYS AS (nullif(split_part(category_code, '.', 3), '')) VIRTUAL,
  PRIMARY KEY (event_id, event_date)
) PARTITION BY RANGE (event_date);
COMMENT ON TABLE silver.events IS
  'Each event once over all of history, one partition per UTC day; object_id is the object that brought it first. The day is part of the identity, so the key is unique over all partitions.';

CREATE TYPE silver.event_ref AS (event_timestamp timestamptz, event_id bytea, event_date date);
COMMENT ON TYPE silver.event_ref IS 'An event by its key, in the order in which newer wins.';

CREATE TABLE silver.sessions (
  session_start   timestamptz NOT NULL,
  session_end     timestamptz NOT NULL,
  event_count     bigint NOT NULL,
  price_sum       numeric NOT NULL,
  min_price       double precision NOT NULL,
  max_price       double precision NOT NULL,
  user_session    text COLLATE "C" PRIMARY KEY,
  avg_price       numeric GENERATED ALWAYS AS (price_sum / event_count) VIRTUAL
);
COMMENT ON TABLE silver.sessions IS 'Metrics of a session over all its events so far, whichever run or day brought them. price_sum adds prices rounded to 6 digits after the point, so that the order does not matter.';

CREATE INDEX sessions_span ON silver.sessions USING brin (session_start, session_end) WITH (autosummarize = on);

CREATE TABLE silver.grown_sessions (
  user_session    text COLLATE "C" PRIMARY KEY
);
COMMENT ON TABLE silver.grown_sessions IS
  'Sessions that got events after some of their facts were loaded: their facts still need the new count. Empty between runs.';
