"""Writes models at the edges of what XGBoost does, and its own predictions, for EdgeModelsTest.

Setup:  for v in 1.7.6 2.1.4 3.2.0; do python3 -m venv v$v && v$v/bin/pip install 'numpy<2' 'scipy<1.14' 'scikit-learn<1.6' && v$v/bin/pip install --no-deps xgboost==$v; done
Run:    for v in 1.7.6 2.1.4 3.2.0; do v$v/bin/python core/src/test/python/edge_golden.py OUT; done
OUT is core/src/test/resources/serving; its rows.csv, which forest_golden.py wrote, holds the rows that are scored.
"""

import pathlib
import sys
import warnings

import numpy
import xgboost

warnings.filterwarnings("ignore")
out = pathlib.Path(sys.argv[1])
version = xgboost.__version__
first, newest = version.startswith("1."), version.startswith("3.")
SMALL = {"seed": 1, "nthread": 1, "max_depth": 2, "eta": 0.5, "verbosity": 0}


def write(name, matrix):
    table = numpy.asarray(matrix).reshape(len(matrix), -1)
    lines = [",".join(repr(float(value)) for value in row) for row in table]
    (out / f"{version}-{name}.csv").write_text("\n".join(lines) + "\n")


def save(model, name):
    model.save_model(out / f"{version}-{name}.ubj")


sample = numpy.loadtxt(out / "rows.csv", "float32", delimiter=",")
random = numpy.random.default_rng(11)
rows = random.normal(size=(400, 5)).astype("float32").round(2)
rows[random.random(rows.shape) < 0.1] = numpy.nan
known = numpy.nan_to_num(rows)
signal = known[:, 0] * known[:, 1] + known[:, 2] + random.normal(size=len(rows)) * 0.3
label = (signal > 0.4).astype("float32")
level = numpy.digitize(signal, [-0.5, 0.7]).astype("float32")

# Every objective that GoldenModelsTest does not have, with a base score that is not the default.
OBJECTIVES = {
    "logitraw": ({"objective": "binary:logitraw", "base_score": 0.2}, label),
    "reglogistic": ({"objective": "reg:logistic", "base_score": 0.2}, label),
    "squaredlog": ({"objective": "reg:squaredlogerror", "base_score": 0.7}, numpy.abs(signal)),
    "pseudohuber": ({"objective": "reg:pseudohubererror", "base_score": 0.7}, signal),
    "cox": ({"objective": "survival:cox", "base_score": 0.7}, level + 1),
    "pairwise": ({"objective": "rank:pairwise", "base_score": 0.7}, level),
    "labels2": ({"objective": "binary:logistic"}, numpy.stack([label, 1 - label], axis=1)),
}
if not first:
    OBJECTIVES["quantiles"] = ({"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9]}, signal)
for name, (params, target) in OBJECTIVES.items():
    booster = xgboost.train({**SMALL, **params}, xgboost.DMatrix(rows, target), 2)
    save(booster, name)
    write(f"{name}.predictions", booster.predict(xgboost.DMatrix(sample)))

# Early stopping: the wrapper predicts with the best rounds, a Booster with all.
half = len(rows) // 2


def stopped(name, target, kind, **params):
    model = kind(n_estimators=8, max_depth=2, learning_rate=1.0, n_jobs=1, random_state=1, early_stopping_rounds=2, **params)
    # Labels of other rows are noise: more rounds soon predict them worse.
    model.fit(rows[:half], target[:half], eval_set=[(rows[half:], numpy.roll(target[half:], 1))], verbose=False)
    booster = model.get_booster()
    assert booster.best_iteration + 1 < booster.num_boosted_rounds()
    save(model, name)
    best = model.predict_proba(sample) if hasattr(model, "predict_proba") else model.predict(sample)
    write(f"{name}.predictions", best[:, 1] if target is label else best)
    booster.save_model(out / f"{version}-{name}_booster.ubj")
    write(f"{name}_booster.predictions", booster.predict(xgboost.DMatrix(sample)))


stopped("early", label, xgboost.XGBClassifier)
stopped("early3", level, xgboost.XGBClassifier, num_parallel_tree=2, subsample=0.8)
stopped("early_value", signal + random.normal(size=len(rows)) * 2, xgboost.XGBRegressor)

# A forest of scikit-learn's kind, and zero that stands for a missing value.
forest = xgboost.XGBRFRegressor(n_estimators=5, max_depth=2, n_jobs=1, random_state=1).fit(known, signal)
save(forest, "random_forest")
write("random_forest.predictions", forest.predict(sample))
def without(matrix):
    """The first feature is above 1 or left out, which 0 stands for."""
    filled = numpy.where(random.random(matrix.shape) < 0.3, 0, numpy.abs(numpy.nan_to_num(matrix)) + 1)
    return filled.round(2).astype("float32")


zeros, scored = without(rows), without(sample)
# What is left out is like what is large, so that a split sends it where a true 0 would not go.
large = signal + 3 * ((zeros[:, 0] > 1.7) | (zeros[:, 0] == 0))
if first:
    write("zeros.rows", scored)
    scored_rows = scored
else:
    scored_rows = numpy.loadtxt(out / "1.7.6-zeros.rows.csv", "float32", delimiter=",")
model = xgboost.XGBRegressor(n_estimators=3, max_depth=2, n_jobs=1, random_state=1, missing=0.0).fit(zeros, large)
save(model, "zeros")
write("zeros.predictions", model.predict(scored_rows))

# Names and kinds of features, which the parts of a version are checked against.
names = xgboost.DMatrix(known[:, :4], signal, feature_names=["a", "b", "c", "d"], feature_types=["float", "int", "i", "q"])
named = xgboost.train({**SMALL, "objective": "reg:squarederror"}, names, 3)
save(named, "named")
write("named.predictions", named.predict(xgboost.DMatrix(numpy.nan_to_num(sample[:, :4]), feature_names=["a", "b", "c", "d"], feature_types=["float", "int", "i", "q"])))

# Refused: no rounds at all, and the format that XGBoost 3.1 has given up.
save(xgboost.train({**SMALL, "objective": "count:poisson"}, xgboost.DMatrix(rows, level), 0), "no_rounds")
if not newest:
    tiny = xgboost.train({**SMALL, "objective": "binary:logistic"}, xgboost.DMatrix(rows, label), 1)
    (out / f"{version}-old.bin").write_bytes(bytes(tiny.save_raw("deprecated")))
