"""Registers models in the ways that MLflow's own clients do, and writes what Python predicts with them.

Run: MLFLOW_TRACKING_URI=… python log_models.py SERVING OUT.json
SERVING is core/src/test/resources/serving. Registers logged, copied, by_run, spaced, wrapped, pickled and named.
OUT has the rows, and for each model that can be served what its Python predicts for them.
"""
import json, pathlib, shutil, sys, tempfile
import mlflow, mlflow.xgboost, numpy as np, pandas as pd, xgboost as xgb

serving, out = pathlib.Path(sys.argv[1]), sys.argv[2]
client = mlflow.MlflowClient()
mlflow.set_experiment("models of an MLflow 3 client")
names = ["a", "b", "c", "d"]
random = np.random.default_rng(5)
frame = pd.DataFrame(random.normal(size=(300, 4)).round(3), columns=names)
target = frame.a * frame.b + frame.c
booster = xgb.train({"max_depth": 3, "nthread": 1, "seed": 1}, xgb.DMatrix(frame, target), 10)
rows = frame.head(20)
predicted = {}


def register(name, source, run):
    client.create_registered_model(name)
    version = client.create_model_version(name, source, run_id=run)
    client.set_registered_model_alias(name, "champion", version.version)
    return version


with mlflow.start_run() as run:
    mlflow.xgboost.log_model(booster, name="model", registered_model_name="logged", input_example=rows)
    own = run.info.artifact_uri
    with tempfile.TemporaryDirectory() as folder:
        local = pathlib.Path(folder)
        booster.save_model(local / "model.ubj")
        mlflow.log_artifacts(folder, "my model, 100% mine")
    with tempfile.TemporaryDirectory() as folder:
        local = pathlib.Path(folder)
        shutil.copy(serving / "3.2.0-early.ubj", local / "model.xgb")
        columns = [{"type": "double", "name": n, "required": False} for n in "abcde"]
        (local / "MLmodel").write_text(
            "flavors:\n  xgboost:\n    data: model.xgb\n    model_class: xgboost.sklearn.XGBClassifier\n"
            f"signature:\n  inputs: '{json.dumps(columns)}'\n")
        mlflow.log_artifacts(folder, "wrapped")
    with tempfile.TemporaryDirectory() as folder:
        local = pathlib.Path(folder)
        (local / "model.pkl").write_bytes(b"\x80\x05\x95")
        (local / "MLmodel").write_text("flavors:\n  sklearn:\n    pickled_model: model.pkl\n")
        mlflow.log_artifacts(folder, "pickled")

client.set_registered_model_alias("logged", "champion", "1")
client.copy_model_version("models:/logged/1", "copied")
client.set_registered_model_alias("copied", "champion", "1")
register("by_run", f"runs:/{run.info.run_id}/model", run.info.run_id)
register("spaced", own + "/my model, 100% mine", run.info.run_id)
register("wrapped", own + "/wrapped", run.info.run_id)
register("pickled", own + "/pickled", run.info.run_id)

# MLflow 3.17's client does not find the files of a version whose source is a run by its version.
loaded = {"logged": "models:/logged@champion", "copied": "models:/copied@champion", "by_run": f"runs:/{run.info.run_id}/model"}
for name, uri in loaded.items():
    predicted[name] = [float(p) for p in mlflow.pyfunc.load_model(uri).predict(rows)]
predicted["spaced"] = [float(p) for p in booster.predict(xgb.DMatrix(rows))]
assert client.get_model_version("logged", "1").source.startswith("models:/m-")
with open(out, "w") as file:
    json.dump({"rows": rows.to_dict("records"), "predictions": predicted, "run": run.info.run_id, "artifacts": own}, file)
