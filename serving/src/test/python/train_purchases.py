"""Trains a purchase model as its users in Python do, and writes it and what it predicts for rows it has not seen.

Run: python train_purchases.py TRAIN.csv HELD.csv MODEL.ubj PREDICTIONS.csv
The files have no header; TRAIN's last column is the label.
"""
import sys
import numpy as np
import xgboost as xgb

train, held, model, predictions = sys.argv[1:]
table = np.loadtxt(train, np.float32, delimiter=",")
params = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "learning_rate": 0.1, "seed": 0, "nthread": 1}
booster = xgb.train(params, xgb.DMatrix(table[:, :-1], table[:, -1]), 100)
booster.save_model(model)
rows = np.loadtxt(held, np.float32, delimiter=",")
with open(predictions, "w") as f:
    f.writelines(f"{p!r}\n" for p in booster.predict(xgb.DMatrix(rows)).tolist())
