"""Uses serving through the client that a generator made from its /openapi.json, and nothing else of Millrace.

Run: PYTHONPATH=FOLDER_OF_THE_CLIENT python use_client.py URL KEY INSTANCES.json PREDICTIONS.csv
Prints, as one JSON object, what it was answered. The instances are purchases, the predictions XGBoost's own for them.
"""
import datetime, json, sys

from millrace_serving_client import AuthenticatedClient, Client
from millrace_serving_client.api.features import get_feature_metadata, get_features, get_historical_features
from millrace_serving_client.api.health import get_health, get_readiness
from millrace_serving_client.api.models import get_model, list_models
from millrace_serving_client.api.predictions import infer, predict, predict_houses, predict_purchases_or_iris
from millrace_serving_client.models import (Block, Entities, Entity, HistoricalRequest, InferenceRequest, Instance, Iris, Moment,
                                     PredictRequest)

PURCHASES = "purchase_prediction_model"
IRIS = Iris(sepal_length=5.1, sepal_width=3.5, petal_length=1.4, petal_width=0.2)
BLOCK = Block(median_income_in_block=8.3252, median_house_age_in_block=41, average_rooms=6, average_bedrooms=1,
              population_per_block=322, average_house_occupancy=2.55, block_latitude=37.88, block_longitude=-122.23)
KNOWN, UNKNOWN = Entity(user_id=1, product_id=2), Entity(user_id=5, product_id=6)
NOON = datetime.datetime(2019, 10, 1, 12, tzinfo=datetime.timezone.utc)


def main(url, key, instances, expected):
    seen = {}
    with Client(base_url=url) as anybody, AuthenticatedClient(base_url=url, token=key) as client:
        seen |= health(anybody) | models(client) | predictions(client) | features(client) | errors(anybody, client)
        seen |= agreement(client, json.load(open(instances)), [float(line) for line in open(expected)])
    print(json.dumps(seen))


def health(client):
    return {"health": get_health.sync(client=client).status, "ready": get_readiness.sync(client=client).status}


def models(client):
    listed = list_models.sync(client=client).models
    return {"models": sorted(m.model for m in listed), "inputs": get_model.sync(PURCHASES, client=client).inputs,
            "since_is_time": all(isinstance(m.since, datetime.datetime) for m in listed)}


def predictions(client):
    row = Instance.from_dict({"price": 60.0, "event_weekday": 1, "activity_count": 4})
    one = predict.sync(PURCHASES, client=client, body=PredictRequest(instances=[row]))
    several = predict.sync(PURCHASES, client=client, body=PredictRequest(entities=[KNOWN, UNKNOWN]))
    listed = predict_purchases_or_iris.sync(client=client, body=[KNOWN, UNKNOWN])
    iris = predict_purchases_or_iris.sync(client=client, body=IRIS)
    inferred = infer.sync(client=client, body=InferenceRequest(input_data=[6.3, 3.3, 6.0, 2.5], retries=1))
    return {"instances": [type(one).__name__, one.version, one.alias, one.missing.to_dict()],
            "entities": [type(several).__name__, several.success, several.predictions, several.errors[0].to_dict()],
            "list_is_the_same": listed.to_dict() == several.to_dict(),
            "iris": [type(iris).__name__, iris.label], "inference": inferred.prediction,
            "houses": predict_houses.sync(client=client, body=BLOCK).median_house_value}


def features(client):
    now = get_features.sync(client=client, body=Entities(entities=[KNOWN, UNKNOWN]))
    one = get_features.sync(client=client, body=KNOWN)
    moment = Moment(user_id=1, product_id=2, timestamp=NOON)
    past = get_historical_features.sync(client=client, body=HistoricalRequest(entities=[moment]))
    metadata = get_feature_metadata.sync(client=client)
    return {"brands": now.brand, "counts": now.activity_count, "one": one.price,
            "event_times": [t and t.isoformat() for t in now.event_timestamp],
            "past": [past.brand, past.timestamp[0].isoformat()],
            "metadata": [f.name for f in metadata.features if PURCHASES in f.models]}


def errors(anybody, client):
    """Errors are values of a type, too: the status says which, the path where."""
    bad = predict.sync_detailed(PURCHASES, client=client, body=PredictRequest(
        instances=[Instance.from_dict({"price": "much", "event_weekday": 1, "activity_count": 1})]))
    nobody = predict.sync_detailed("nope", client=client, body=PredictRequest(entities=[KNOWN]))
    keyless = predict.sync_detailed(PURCHASES, client=anybody, body=PredictRequest(entities=[KNOWN]))
    shown = {str(int(a.status_code)): [type(a.parsed).__name__, a.parsed.status, a.parsed.detail]
             for a in (bad, nobody, keyless)}
    return {"errors": shown, "paths": [e.path for e in bad.parsed.errors], "request_id": "x-request-id" in bad.headers}


def agreement(client, instances, expected):
    body = PredictRequest(instances=[Instance.from_dict(i) for i in instances])
    answered = predict.sync(PURCHASES, client=client, body=body).predictions
    differences = [abs(a - b) for a, b in zip(answered, expected, strict=True)]
    return {"agreement_rows": len(differences), "agreement_max_difference": max(differences),
            "spread": max(answered) - min(answered)}


if __name__ == "__main__":
    main(*sys.argv[1:])
