-- Results of the data-quality suites.

CREATE SCHEMA quality;

CREATE TABLE quality.results (
  result_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id     text NOT NULL,
  suite      text NOT NULL,
  success    boolean NOT NULL,
  checked_at timestamptz NOT NULL DEFAULT now(),
  result     jsonb NOT NULL
);
COMMENT ON TABLE quality.results IS 'One row per suite checked; result has the shape of a Great Expectations validation result.';
CREATE INDEX results_run ON quality.results (run_id);
