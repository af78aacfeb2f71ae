-- Every object under a prefix is in the ledger, and it is known which ones hold lines.

ALTER TABLE lake.objects DROP CONSTRAINT objects_state_check;
ALTER TABLE lake.objects
  ADD CONSTRAINT objects_state_check
    CHECK (state IN ('pending', 'loaded', 'rejected', 'withdrawn', 'ignored')),
  ADD COLUMN in_lines boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN lake.objects.state IS
  'withdrawn: it was loaded, and its rows were removed since, because it was changed in or deleted from the lake. It is pending again if it comes back. ignored: its name says that it is no data, such as _SUCCESS.';
COMMENT ON COLUMN lake.objects.in_lines IS
  'Whether a loaded object holds a record a line, so that its lines can be put before and behind those of others. One with a JSON array, or with records over several lines, is never compacted.';
COMMENT ON TABLE quarantine.objects IS 'Objects of which nothing was loaded: damaged, of another format, or without a record that can be read.';
COMMENT ON COLUMN quarantine.rows.line_number IS
  'Number of the line, from 1. In an object that is not in lines, the number of the record: of the element of its array, or of the JSON value.';
COMMENT ON COLUMN bronze.events.line_number IS 'As in quarantine.rows.';
