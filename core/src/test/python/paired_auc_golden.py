"""Writes ../resources/golden/paired_auc.csv: two models on the same rows, and what independent tools say, for PairedAucTest.

AUCs are scikit-learn's. With one row a session the standard error is that of MLstatkit's DeLong test. With more it is
Obuchowski's (1997), written down from the paper over the full matrix of pairs; for one row a session both must agree.
Bounds use scipy's t distribution.
Run: python paired_auc_golden.py   (pip install mlstatkit scikit-learn scipy; made with the versions in the file's first line)
"""
import importlib.metadata
import pathlib

import numpy as np
from MLstatkit import Delong_test
from scipy.stats import t
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(20191001)
out = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "paired_auc.csv"


def components(score, label):
    kernel = (score[label == 1][:, None] > score[label == 0][None, :]) + 0.5 * (score[label == 1][:, None] == score[label == 0][None, :])
    return kernel.mean(axis=1), kernel.mean(axis=0)


def obuchowski(a, b, label, session):
    va, vb = components(a, label), components(b, label)
    x, y = va[0] - vb[0], va[1] - vb[1]
    m, n, theta = len(x), len(y), np.mean(va[0] - vb[0])
    names = np.unique(session)
    sx, sy = session[label == 1], session[label == 0]
    fx = np.array([np.sum(x[sx == s]) - np.sum(sx == s) * theta for s in names])
    fy = np.array([np.sum(y[sy == s]) - np.sum(sy == s) * theta for s in names])
    ix, iy, i = len(np.unique(sx)), len(np.unique(sy)), len(names)
    s10 = ix / ((ix - 1) * m) * np.sum(fx**2)
    s01 = iy / ((iy - 1) * n) * np.sum(fy**2)
    s11 = i / (i - 1) * np.sum(fx * fy)
    return np.sqrt(max(0.0, s10 / m + s01 / n + 2 * s11 / (m * n))), min(ix, iy) - 1


def made_up(rows, a_noise, b_noise, digits, per_session, share):
    session = np.sort(rng.integers(0, max(1, rows // per_session), rows)) if per_session > 1 else np.arange(rows)
    truth = rng.normal(size=rows) + (rng.normal(size=rows)[session] if per_session > 1 else 0)
    label = (truth + rng.normal(size=rows) > np.quantile(truth, 1 - share)).astype(int)
    label[0], label[1], label[-1], label[-2] = 0, 1, 0, 1
    shared = rng.normal(size=rows)
    a = np.round(truth + a_noise * (0.7 * shared + 0.7 * rng.normal(size=rows)), digits).astype(np.float32)
    b = np.round(7 * truth + 7 * b_noise * (0.7 * shared + 0.7 * rng.normal(size=rows)), digits).astype(np.float32)
    return a, b, label, session


cases = {
    "one_row_a_session": made_up(400, 1.0, 1.5, 4, 1, 0.3),
    "ties": made_up(300, 1.0, 1.2, 0, 1, 0.4),
    "rare": made_up(500, 2.0, 1.0, 4, 1, 0.04),
    "tiny": made_up(8, 1.0, 1.0, 3, 1, 0.5),
    "sessions": made_up(400, 1.0, 1.5, 4, 3, 0.3),
    "sessions_with_ties": made_up(400, 1.0, 1.5, 0, 8, 0.3),
    "few_sessions": made_up(200, 1.0, 1.5, 4, 40, 0.3),
}
versions = " ".join(f"{p} {importlib.metadata.version(p)}" for p in ["scikit-learn", "MLstatkit", "scipy", "numpy"])
lines = [f"# {versions}: name,auc of a,auc of b,standard error,degrees,95 % lower bound,then a:b:label:session ..."]
for name, (a, b, label, session) in cases.items():
    a, b = a.astype(float), b.astype(float)
    error, degrees = obuchowski(a, b, label, session)
    difference = roc_auc_score(label, a) - roc_auc_score(label, b)
    if len(np.unique(session)) == len(session):
        z = Delong_test(label, a, b, return_ci=False, return_auc=False, verbose=0)[0]
        assert abs(abs(difference / error) - abs(z)) < 1e-9, (name, difference / error, z)
    lower = difference - t.ppf(0.95, degrees) * error
    rows = " ".join(f"{np.float32(x)!s}:{np.float32(y)!s}:{l}:{s}" for x, y, l, s in zip(a, b, label, session))
    lines.append(",".join([name, *(repr(float(v)) for v in [roc_auc_score(label, a), roc_auc_score(label, b), error]), str(degrees), repr(float(lower)), rows]))
out.write_text("\n".join(lines) + "\n")
