-- What could not be loaded, kept with its reason.

CREATE SCHEMA quarantine;

CREATE TABLE quarantine.objects (
  object_id      bigint PRIMARY KEY REFERENCES lake.objects,
  reason         text NOT NULL,
  quarantined_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE quarantine.objects IS 'Objects of which nothing was loaded: truncated, not gzip, not JSON.';

CREATE TABLE quarantine.rows (
  object_id      bigint NOT NULL REFERENCES lake.objects,
  line_number    bigint NOT NULL,
  reason         text NOT NULL,
  raw            text NOT NULL,
  quarantined_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (object_id, line_number)
);
COMMENT ON TABLE quarantine.rows IS
  'Lines of loaded objects that are no valid event. raw is the line as UTF-8, at most 64 KiB of it, NUL and broken bytes replaced by U+FFFD.';
