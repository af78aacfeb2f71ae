"""Loads a champion as a user of MLflow would, and writes what both flavours predict: xgboost,pyfunc a row.

Run: MLFLOW_TRACKING_URI=... python predict_champion.py MODEL FEATURES.csv OUT.csv
"""
import sys
import mlflow.pyfunc, mlflow.xgboost
import pandas as pd
import xgboost as xgb

name, features, out = sys.argv[1:]
rows = pd.read_csv(features)
uri = f"models:/{name}@champion"
booster = mlflow.xgboost.load_model(uri)
assert booster.feature_names == list(rows.columns), booster.feature_names
pyfunc = mlflow.pyfunc.load_model(uri)
assert pyfunc.metadata.signature.inputs.input_names() == list(rows.columns)
one, two = booster.predict(xgb.DMatrix(rows)), pyfunc.predict(rows)
with open(out, "w") as f:
    f.writelines(f"{a!r},{b!r}\n" for a, b in zip(one.tolist(), list(map(float, two))))
