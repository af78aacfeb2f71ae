"""Writes the golden models and predictions that GoldenModelsTest compares with, by the XGBoost that runs it.

Setup:  for v in 1.7.6 2.1.4 3.2.0; do python3 -m venv v$v && v$v/bin/pip install 'numpy<2' scipy && v$v/bin/pip install --no-deps xgboost==$v; done
Run:    for v in 1.7.6 2.1.4 3.2.0; do v$v/bin/python core/src/test/python/forest_golden.py OUT DATA; done
OUT is core/src/test/resources/serving; DATA holds iris.csv and california-housing.csv, used by 3.2.0 alone.
"""

import csv
import pathlib
import sys

import numpy
import xgboost

out = pathlib.Path(sys.argv[1])
data = pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
version = xgboost.__version__
newest = version.startswith("3.")


def write(name, matrix):
    lines = [",".join(repr(float(value)) for value in row) for row in matrix]
    (out / name).write_text("\n".join(lines) + "\n")


def golden(name, params, rows, target, sample, rounds=4, formats=("json",)):
    params = {"seed": 1, "nthread": 1, "max_depth": 3, "eta": 0.3, **params}
    booster = xgboost.train(params, xgboost.DMatrix(rows, target), num_boost_round=rounds)
    for suffix in formats:
        booster.save_model(out / f"{name}.{suffix}")
    predictions = booster.predict(xgboost.DMatrix(sample))
    write(f"{name}.predictions.csv", predictions.reshape(len(sample), -1))


random = numpy.random.default_rng(7)
rows = random.normal(size=(1000, 5)).astype("float32").round(3)
rows[random.random(rows.shape) < 0.1] = numpy.nan
known = numpy.nan_to_num(rows)
signal = known[:, 0] * known[:, 1] + known[:, 2]
noisy = signal + random.normal(size=len(rows))
label = (noisy > 0.5).astype("float32")
level = numpy.digitize(noisy, [-0.5, 0.7]).astype("float32")
sample = rows[:60]
write("rows.csv", sample)

JSON, UBJ = ("json",), ("ubj",)
MODELS = {
    "logistic": ({"objective": "binary:logistic"}, label, UBJ),
    "stump": ({"objective": "binary:logistic", "max_depth": 1, "base_score": 0.2}, label, JSON),
    "hinge": ({"objective": "binary:hinge"}, label, JSON),
    "squared": ({"objective": "reg:squarederror"}, signal, JSON),
    "absolute": ({"objective": "reg:absoluteerror"}, signal, UBJ),
    "poisson": ({"objective": "count:poisson"}, level, UBJ),
    "tweedie": ({"objective": "reg:tweedie", "base_score": 2.5}, level, JSON),
    "gamma": ({"objective": "reg:gamma"}, level + 1, UBJ),
    "softprob": ({"objective": "multi:softprob", "num_class": 3}, level, UBJ),
    "softmax": ({"objective": "multi:softmax", "num_class": 3, "num_parallel_tree": 2}, level, JSON),
    "targets": ({"objective": "reg:squarederror"}, numpy.stack([signal, noisy], axis=1), JSON),
    "linear": ({"booster": "gblinear", "objective": "binary:logistic"}, label, JSON),
    "linear3": ({"booster": "gblinear", "objective": "multi:softprob", "num_class": 3}, level, UBJ),
}
for name, (params, target, formats) in MODELS.items():
    golden(f"{version}-{name}", params, rows, target, sample, formats=formats)

if newest:
    with open(data / "iris.csv", newline="") as file:
        table = numpy.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]], dtype="float32")
    write("iris.rows.csv", table[:, :4])
    params = {"objective": "multi:softprob", "num_class": 3}
    golden("iris", params, table[:, :4], table[:, 4], table[:, :4], formats=("json", "ubj"))

    with open(data / "california-housing.csv", newline="") as file:
        lines = [row[:9] for row in list(csv.reader(file))[1:]]
    table = numpy.array([[float(cell or "nan") for cell in row] for row in lines], dtype="float32")
    few = numpy.concatenate([table[::250, :8], table[numpy.isnan(table[:, 4]), :8][:20]])
    write("housing.rows.csv", few)
    params = {"objective": "reg:squarederror", "max_depth": 4}
    golden("housing", params, table[:, :8], table[:, 8], few, rounds=20, formats=("json", "ubj"))

    def refused(name, params, target, **how):
        matrix = xgboost.DMatrix(known[:200], target[:200], **how)
        booster = xgboost.train({"seed": 1, "max_depth": 2, **params}, matrix, num_boost_round=1)
        booster.save_model(out / f"{name}.ubj")

    known[:, 3] = numpy.abs(known[:, 3].round() * 7) % 6
    noisy += known[:, 3] % 3 * 3
    kinds = ["q", "q", "q", "c", "q"]
    refused("dart", {"objective": "binary:logistic", "booster": "dart"}, label)
    refused("categorical", {"tree_method": "hist", "max_cat_to_onehot": 1}, noisy, feature_types=kinds, enable_categorical=True)
    refused("vector_leaf", {"multi_strategy": "multi_output_tree"}, numpy.stack([signal, noisy], axis=1))
    refused("aft", {"objective": "survival:aft"}, label, label_lower_bound=label[:200], label_upper_bound=label[:200] + 1)
