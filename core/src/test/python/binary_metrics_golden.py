"""Writes ../resources/golden/binary_metrics.csv: inputs and scikit-learn's answers for BinaryMetricsTest.

Run: python binary_metrics_golden.py   (needs scikit-learn; made with the version printed in the file's first line)
"""
import pathlib, random
import numpy as np, sklearn
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

rng = random.Random(20191001)
out = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "binary_metrics.csv"
lines = [f"# scikit-learn {sklearn.__version__}: name,logloss,auc,average_precision,brier,ece10,then probability:label ..."]
for name, n, digits in [("smooth", 400, 9), ("ties", 400, 1), ("tiny", 5, 2), ("extreme", 60, 0), ("rare", 500, 3)]:
    p, y = [], []
    for i in range(n):
        q = rng.random() * (0.1 if name == "rare" else 1.0)
        p.append(round(q, digits)); y.append(int(rng.random() < 0.2 + 0.6 * q) if name != "rare" else int(rng.random() < q))
    y[0], y[1] = 0, 1
    p = np.array(p, np.float32); y = np.array(y); d = p.astype(np.float64)
    bins = np.minimum((d * 10).astype(int), 9)
    ece = sum(abs(np.sum(y[bins == b] - d[bins == b])) for b in range(10)) / n
    c = np.clip(d, 1e-15, 1 - 1e-15)
    vals = [log_loss(y, c), roc_auc_score(y, d), average_precision_score(y, d), brier_score_loss(y, d), ece]
    lines.append(",".join([name] + [repr(float(v)) for v in vals] + [" ".join(f"{float(a)!r}:{b}" for a, b in zip(p, y))]))
out.write_text("\n".join(lines) + "\n")
