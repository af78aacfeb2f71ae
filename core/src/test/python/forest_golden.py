"""Writes the golden models and predictions that ForestScorerTest compares with.

Setup:  python3 -m venv v && v/bin/pip install numpy scipy && v/bin/pip install --no-deps xgboost==3.0.4
Run:    v/bin/python core/src/test/python/forest_golden.py core/src/test/resources/serving
"""

import pathlib
import sys

import numpy
import xgboost

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
random = numpy.random.default_rng(7)
rows = random.normal(size=(2000, 6)).astype("float32").round(3)
rows[random.random(rows.shape) < 0.1] = numpy.nan
signal = numpy.nan_to_num(rows[:, 0]) * numpy.nan_to_num(rows[:, 1]) + numpy.nan_to_num(rows[:, 2])
labels = (signal + random.normal(size=len(rows)) > 0.5).astype("float32")

MODELS = {
    "binary": ({"objective": "binary:logistic", "max_depth": 4, "eta": 0.3}, labels),
    "regression": ({"objective": "reg:squarederror", "max_depth": 5, "eta": 0.2}, signal),
    "stump": ({"objective": "binary:logistic", "max_depth": 1, "base_score": 0.2}, labels),
    "dart": ({"objective": "binary:logistic", "booster": "dart", "max_depth": 2}, labels),
    "softprob": ({"objective": "multi:softprob", "num_class": 3}, labels),
}
for name, (params, target) in MODELS.items():
    booster = xgboost.train({**params, "seed": 1}, xgboost.DMatrix(rows, target), num_boost_round=12)
    booster.save_model(out / f"{name}.json")
    if name in ("binary", "regression", "stump"):
        sample = rows[:200]
        predictions = booster.predict(xgboost.DMatrix(sample))
        lines = [",".join([*(str(value) for value in row), repr(float(p))]) for row, p in zip(sample, predictions)]
        (out / f"{name}.csv").write_text("\n".join(lines) + "\n")
