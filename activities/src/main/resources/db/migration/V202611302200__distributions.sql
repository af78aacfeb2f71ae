-- How the values of checked columns were distributed, to compare the next runs with.

CREATE TABLE quality.distributions (
  result_id    bigint NOT NULL REFERENCES quality.results ON DELETE CASCADE,
  value_rows   bigint NOT NULL CHECK (value_rows > 0),
  column_name  text NOT NULL,
  value        text NOT NULL,
  PRIMARY KEY (result_id, column_name, value)
);
COMMENT ON TABLE quality.distributions IS
  'The number of rows by value (of numbers: by named bin) of the columns that a suite has checked. The newest successful results are what the next run is compared with.';
CREATE INDEX results_suite ON quality.results (suite, result_id) WHERE success;
