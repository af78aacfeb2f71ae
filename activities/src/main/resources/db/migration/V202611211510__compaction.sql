-- Small objects become one: which one, and whether the small ones are gone.

ALTER TABLE lake.objects
  ADD COLUMN compacted_into bigint REFERENCES lake.objects,
  ADD COLUMN removed_at timestamptz;
COMMENT ON COLUMN lake.objects.compacted_into IS
  'The object that this one''s lines are in as well, planned or written. It is in the ledger, as loaded, before it can be listed, so that no line is loaded again under its new name.';
COMMENT ON COLUMN lake.objects.removed_at IS 'When the object left the lake, because another holds its lines.';
CREATE INDEX objects_to_compact ON lake.objects (compacted_into)
  WHERE compacted_into IS NOT NULL AND removed_at IS NULL;
