"""One prediction an HTTP request: servers that run already, FastAPI + uvicorn and Ray Serve, with one XGBoost model.

Prints one line of JSON: for each side the median of its runs, at 32 connections and at 1, its memory and CPU.
A side that runs already is given as NAME=URL=PID; its bodies are {"instances": [{...}]}. wrk (Debian) shares the
machine's cores with the server, whichever it is. Runs of all sides that are up at once take turns.
"""
import argparse, json, os, pathlib, sys, time

READY = "Application startup complete"  # what uvicorn logs for each of its workers
COLS = ["brand", "price", "event_weekday", "category_level1", "category_level2", "activity_count"]


def load_model(path):
    import xgboost as xgb
    booster = xgb.Booster({"nthread": 1})
    booster.load_model(path)
    return booster


def predict(booster, row):
    import numpy as np
    return float(booster.inplace_predict(np.array([[row[c] for c in COLS]], np.float32))[0])


def app():
    """The FastAPI application (uvicorn --factory serving:app), with a typed body as its users write it."""
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Row(BaseModel):
        brand: int
        price: float
        event_weekday: int
        category_level1: int
        category_level2: int
        activity_count: int

    booster = load_model(os.environ["MODEL"])
    api = FastAPI()

    async def handler(row: Row):
        return {"p": predict(booster, row.__dict__)}

    handler.__annotations__["row"] = Row
    api.post("/predict")(handler)
    return api


def serve_ray(path, replicas, port):
    """Runs Ray Serve in the foreground until it is ended."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_worker_niceness", "0")
    import ray
    from ray import serve
    from starlette.requests import Request

    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": port})

    @serve.deployment(num_replicas=replicas, max_ongoing_requests=64, logging_config={"enable_access_log": False})
    class Model:
        def __init__(self):
            self.booster = load_model(path)

        async def __call__(self, request: Request):
            return {"p": predict(self.booster, await request.json())}

    serve.run(Model.bind(), route_prefix="/predict")  # returns once all replicas are up
    print(READY, flush=True)
    while True:
        time.sleep(60)


def prepare(data):
    """The model and 1,000 rows that it was not trained on, written if they are not there."""
    import numpy as np, pandas as pd, xgboost as xgb
    from datagen import ensure
    table = pd.read_csv(ensure(data, "tune"))
    held = np.arange(len(table)) % 5 == 4
    model = pathlib.Path(data).resolve() / "serving.ubj"
    if not model.exists():
        train = table[~held]
        params = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "learning_rate": 0.1, "seed": 0}
        xgb.train(params, xgb.DMatrix(train[COLS].astype(np.float32), train.label), 100).save_model(model)
    rows = [{c: (float if c == "price" else int)(row[c]) for c in COLS} for _, row in table[held].head(1000).iterrows()]
    return str(model), rows


def measure(sides, options):
    """Lets the sides take turns; sides: name -> (url, bodies, pids)."""
    from common import Window, median, mem, tree, wrk
    found = {name: {c: [] for c in (options.connections, 1)} for name in sides}
    for name, (url, bodies, _) in sides.items():
        wrk(url, options.connections, options.warmup, bodies)
    for _ in range(options.runs):
        for name, (url, bodies, pids) in sides.items():
            for connections in (options.connections, 1):
                window = Window(*pids)
                run = wrk(url, connections, options.seconds, bodies)
                found[name][connections].append(run | window.end())
    result = {}
    for name, (_, _, pids) in sides.items():
        result[name] = {"rss_mb": mem(tree(pids))[0]}
        for connections, runs in found[name].items():
            figures = {k: round(median([r[k] for r in runs]), 3) for k in ("rps", "p50_ms", "p99_ms", "own_cores")}
            figures |= {"errors": sum(r["errors"] for r in runs), "rps_all": [r["rps"] for r in runs]}
            result[name][f"c{connections}"] = figures
    return result


def start(procs, side, model, port):
    """Starts one of the peers, and waits until all its workers are up: the load's connections are spread over them."""
    here, replicas = str(pathlib.Path(__file__).resolve().parent), int(side[-1])
    env = dict(os.environ, MODEL=model, PYTHONPATH=here)
    if side.startswith("fastapi"):
        command = ["-m", "uvicorn", "serving:app", "--factory", "--port", str(port), "--workers", str(replicas), "--no-access-log"]
    else:
        command = [__file__, "--serve", model, str(replicas), str(port)]
    log = procs.logdir / f"{side}.log"
    before = log.stat().st_size if log.exists() else 0
    procs.start(side, [sys.executable, *command], env, here)
    workers, end = replicas if side.startswith("fastapi") else 1, time.time() + 180
    while log.read_bytes()[before:].count(READY.encode()) < workers:
        procs.check()
        if time.time() > end:
            raise TimeoutError(f"{side} has not {workers} workers after 180 s; see {log}")
        time.sleep(0.1)


def agreement(url, rows, booster):
    """How far the server's answers are from XGBoost's own, for each row in a request of its own."""
    from common import http
    differences = [abs(http("POST", url, {"instances": [row]})["predictions"][0] - predict(booster, row)) for row in rows]
    found = {"agreement_rows": len(differences), "agreement_max_difference": max(differences)}
    if max(differences) > 1e-6:
        sys.exit(f"{url} and XGBoost differ by more than 1e-6: {found}")
    return found


def main():
    from common import Procs, emit, http, load, versions
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--prepare", action="store_true", help="only write model and bodies, and print where the model is")
    parser.add_argument("--running", nargs="*", default=[], metavar="NAME=URL=PID")
    parser.add_argument("--peers", default="fastapi1,fastapi2,ray1")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--port", type=int, default=8791)
    options = parser.parse_args()
    model, rows = prepare(options.data)
    if options.prepare:
        emit({"model": model, "row": rows[0], "prediction": predict(load_model(model), rows[0])})
        return
    result = {"versions": versions("xgboost", "fastapi", "uvicorn", "uvloop", "pydantic", "ray"), "load_before": load()}
    plain = [json.dumps(row, separators=(",", ":")) for row in rows]
    ours = [json.dumps({"instances": [row]}, separators=(",", ":")) for row in rows]
    running = [side.split("=") for side in options.running]
    for _, url, _ in running:
        if url.endswith("/predict"):
            result |= agreement(url, rows, load_model(model))
    result |= measure({name: (url, ours, [int(pid)]) for name, url, pid in running}, options)
    procs, url = Procs(pathlib.Path(options.data) / "logs"), f"http://127.0.0.1:{options.port}/predict"
    expected = predict(load_model(model), rows[0])
    for side in [p for p in options.peers.split(",") if p]:
        try:
            start(procs, side, model, options.port)
            await_answer(procs, http, url, rows[0], expected)
            result |= measure({side: (url, plain, procs.pids())}, options)
        finally:
            procs.stop()
    emit(result | {"load_after": load()})


def await_answer(procs, http, url, row, expected):
    end = time.time() + 180
    while True:
        procs.check()
        try:
            answer = http("POST", url, row, timeout=5)
            break
        except OSError:
            if time.time() > end:
                raise
            time.sleep(0.2)
    assert abs(answer["p"] - expected) < 1e-5, answer


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve_ray(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
