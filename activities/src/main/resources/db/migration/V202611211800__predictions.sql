-- What models predicted, for whoever compares it with what happened later.

CREATE TABLE dwh.predictions (
  predicted_at   timestamptz NOT NULL,
  latency_ms     double precision NOT NULL,
  user_id        bigint,
  product_id     bigint,
  object_id      bigint NOT NULL REFERENCES lake.objects,
  row_index      int NOT NULL,
  prediction_id  text COLLATE "C" PRIMARY KEY,
  request_id     text NOT NULL,
  model          text NOT NULL,
  version        text NOT NULL,
  alias          text NOT NULL,
  scores         real[] NOT NULL,
  features       jsonb NOT NULL,
  score          real GENERATED ALWAYS AS (scores[1]) VIRTUAL
);
COMMENT ON TABLE dwh.predictions IS
  'One row a message of model.predictions, which prediction_id tells apart: a message that comes again changes nothing. request_id and row_index say which row of which answer it was (a client may use a request_id twice); alias shadow was never answered. features are as the model saw them, null where unknown; score is the first of scores.';
CREATE INDEX predictions_model ON dwh.predictions (model, predicted_at);
CREATE INDEX predictions_user ON dwh.predictions (user_id, product_id, predicted_at) WHERE user_id IS NOT NULL;
CREATE INDEX predictions_request ON dwh.predictions USING hash (request_id);
