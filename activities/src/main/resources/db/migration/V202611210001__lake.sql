-- The object ledger: which lake objects were seen, and what became of each.

CREATE SCHEMA lake;

CREATE TABLE lake.objects (
  object_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bucket           text NOT NULL,
  object_key       text COLLATE "C" NOT NULL,
  etag             text NOT NULL,
  size_bytes       bigint NOT NULL,
  state            text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'loaded', 'rejected')),
  event_rows       bigint,
  quarantined_rows bigint,
  listed_at        timestamptz NOT NULL DEFAULT now(),
  settled_at       timestamptz,
  CHECK ((state = 'pending') = (settled_at IS NULL)),
  UNIQUE (bucket, object_key, etag)
);
COMMENT ON TABLE lake.objects IS
  'One row per version of a lake object. It turns loaded or rejected in the very transaction that loads its rows or records why not; a mended object has a new etag and so a new row.';
CREATE INDEX objects_pending ON lake.objects (bucket, object_key) WHERE state = 'pending';

CREATE TABLE lake.slices (
  object_id       bigint NOT NULL REFERENCES lake.objects,
  event_date      date NOT NULL,
  event_rows      bigint NOT NULL,
  transformed_at  timestamptz,
  dimensions_at   timestamptz,
  sessions_at     timestamptz,
  facts_at        timestamptz,
  finished_at     timestamptz,
  PRIMARY KEY (object_id, event_date)
);
COMMENT ON TABLE lake.slices IS
  'The events of one object on one UTC day: the unit in which silver and gold progress. Each time stamp is set in the transaction that moved the rows; finished_at closes a gold load: every count that the rows changed is right.';
CREATE INDEX slices_unfinished ON lake.slices (event_date) WHERE finished_at IS NULL;
