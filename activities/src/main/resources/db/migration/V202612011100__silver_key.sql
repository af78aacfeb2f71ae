-- A day's events come in the order of their identities: with the day first, each load appends to
-- the key's index. A warehouse that has partitions keeps its key: it would be built again for all.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = 'silver.events'::regclass) THEN
    ALTER TABLE silver.events DROP CONSTRAINT events_pkey, ADD PRIMARY KEY (event_date, event_id);
  END IF;
END
$$;
