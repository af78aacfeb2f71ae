-- An hour of the lake can be loaded again in place of what was loaded of it.

ALTER TABLE lake.objects DROP CONSTRAINT objects_state_check;
ALTER TABLE lake.objects
  ADD CONSTRAINT objects_state_check CHECK (state IN ('pending', 'loaded', 'rejected', 'withdrawn')),
  ADD COLUMN expired_at timestamptz;
COMMENT ON COLUMN lake.objects.state IS
  'withdrawn: it was loaded, and its rows were removed since, because it was changed in or deleted from the lake. It is pending again if it comes back.';
COMMENT ON COLUMN lake.objects.expired_at IS
  'When the retention of lake_compaction deleted the object. Its rows stay, also when its hour is loaded again.';

ALTER TABLE lake.slices ADD COLUMN replacing boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN lake.slices.replacing IS
  'The rows of the slice were loaded again or withdrawn: what silver and gold have of it gives way to what bronze has now. A slice without rows is deleted when gold has followed.';
CREATE INDEX slices_replacing ON lake.slices (event_date) WHERE replacing;

CREATE TABLE silver.replaced_events (
  user_id       bigint NOT NULL,
  product_id    bigint NOT NULL,
  event_date    date NOT NULL,
  event_id      bytea NOT NULL,
  user_session  text COLLATE "C" NOT NULL,
  PRIMARY KEY (event_date, event_id)
);
COMMENT ON TABLE silver.replaced_events IS
  'Events that silver has removed or written again and gold has not followed yet. Empty between runs.';

CREATE INDEX predictions_object ON dwh.predictions USING brin (object_id) WITH (pages_per_range = 16, autosummarize = on);
