-- What stores sell, one row a store, product and day.

CREATE SCHEMA sales;

CREATE TABLE sales.rossman_sales (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store          int NOT NULL,
  dayofweek      int NOT NULL,
  date           timestamp NOT NULL,
  sales          int NOT NULL,
  customers      int NOT NULL,
  open           int NOT NULL,
  promo          int NOT NULL,
  stateholiday   text NOT NULL,
  schoolholiday  text NOT NULL,
  productname    text NOT NULL,
  source_time    timestamptz NOT NULL,
  source_offset  bigint NOT NULL,
  UNIQUE (store, productname, date)
);
COMMENT ON TABLE sales.rossman_sales IS
  'The newest message of each store, product and day: source_time and source_offset are that message''s in its topic, and an older one changes nothing, so that a replay does not.';
