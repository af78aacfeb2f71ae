"""Features over HTTP: servers that run already, and Feast's feature server on the same Redis and the same rows.

Prints one line of JSON: for each side the median of its runs, at 32 connections and at 1, its memory and CPU.
--rows is a CSV: user_id, product_id, event_timestamp and the features. A side that runs already is given as
NAME=URL=PID and answers {"entities": [{"user_id", "product_id"}, ...]}; NAME ending in _100 is asked for 100 entities.
"""
import argparse, contextlib, datetime, json, os, pathlib, subprocess, sys, time

os.environ["FEAST_USAGE"] = "False"
KEYS = ["user_id", "product_id"]
BATCH = 100
BODIES = 1000


def bodies(pairs, batch, feast=None):
    """Bodies that go through all pairs; feast: the names of its features."""
    found = []
    for i in range(BODIES):
        some = [pairs[(i * batch + j) % len(pairs)] for j in range(batch)]
        if feast:
            body = {"features": feast, "entities": {key: [pair[k] for pair in some] for k, key in enumerate(KEYS)}}
        else:
            body = {"entities": [dict(zip(KEYS, pair)) for pair in some]}
        found.append(json.dumps(body, separators=(",", ":")))
    return found


def write_parquet(rows, folder):
    """The rows as Feast's file source; their names and types."""
    import pandas as pd
    table = pd.read_csv(rows, parse_dates=["event_timestamp"], keep_default_na=False, na_values=[""])
    file = folder / "features.parquet"
    table.to_parquet(file)
    return table, str(file)


def apply_feast(table, file, folder, redis):
    """A repository with one view of all features, in Redis; returns how long it took to materialize it."""
    from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
    from feast.types import Float64, Int64, String
    host, port, password = redis
    (folder / "feature_store.yaml").write_text(
        f"project: bench\nprovider: local\nregistry: {folder}/registry.db\nentity_key_serialization_version: 3\n"
        f'online_store:\n  type: redis\n  connection_string: "{host}:{port},password={password}"\noffline_store:\n  type: file\n')
    (folder / "registry.db").unlink(missing_ok=True)
    types = {"float64": Float64, "int64": Int64}
    names = [name for name in table.columns if name not in [*KEYS, "event_timestamp"]]
    entities = [Entity(name=key, join_keys=[key], value_type=ValueType.INT64) for key in KEYS]
    view = FeatureView(
        name="purchase", entities=entities, ttl=datetime.timedelta(days=2), online=True,
        schema=[Field(name=name, dtype=types.get(str(table[name].dtype), String)) for name in names],
        source=FileSource(name="purchase", path=file, timestamp_field="event_timestamp"))
    store = FeatureStore(repo_path=str(folder))
    store.apply([*entities, view])
    started = time.time()
    with contextlib.redirect_stdout(sys.stderr):
        store.materialize_incremental(end_date=datetime.datetime.now(datetime.timezone.utc))
    return [f"purchase:{name}" for name in names], round(time.time() - started, 2)


def start_feast(procs, workers, folder, port):
    """Its own default replaces a worker after 1,000 requests and fails those under way, so that is off."""
    program = pathlib.Path(sys.executable).parent / "feast"
    command = ["-c", folder, "serve", "-h", "127.0.0.1", "-p", port, "--workers", workers, "--max-requests", 10_000_000, "--no-access-log"]
    procs.start(f"feast{workers}", [str(program), *map(str, command)], dict(os.environ), folder)


def await_workers(procs, pid, workers):
    """Until all workers are there: gunicorn's children."""
    from common import tree
    end = time.time() + 120
    while len(tree([pid])) < 1 + workers:
        procs.check()
        if time.time() > end:
            raise TimeoutError(f"{workers} workers")
        time.sleep(0.1)


def agree(ours, theirs, pairs, names, http):
    """Asks both for the same entities; fails unless all values are the same. How many were compared."""
    got = http("POST", ours, json.loads(bodies(pairs, BATCH)[0]))
    wanted = http("POST", theirs, json.loads(bodies(pairs, BATCH, names)[0]))
    columns = dict(zip(wanted["metadata"]["feature_names"], wanted["results"]))
    compared = 0
    for name in (name.split(":")[1] for name in names):
        assert got[name] == columns[name]["values"], (name, got[name][:5], columns[name]["values"][:5])
        compared += len(got[name])
    return compared


def redis_limit(redis, pair, connections):
    """What Redis gives for the command that a request comes to."""
    host, port, password = redis
    key = f"millrace:features:v1:{pair[0]}:{pair[1]}"
    run = subprocess.run(
        ["redis-benchmark", "-h", host, "-p", port, "-a", password, "-c", str(connections), "-n", "300000", "--csv", "MGET", key],
        capture_output=True, text=True, check=True)
    header, values = [line.replace('"', "").split(",") for line in run.stdout.strip().splitlines()[-2:]]
    found = dict(zip(header[1:], map(float, values[-len(header) + 1:])))
    return {"rps": found["rps"], "p50_ms": found["p50_latency_ms"], "p99_ms": found["p99_latency_ms"]}


def main():
    from common import Procs, emit, http, load, versions, wait_port
    from serving import measure
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--redis", required=True, help="HOST:PORT; the password is in REDIS_PASSWORD")
    parser.add_argument("--running", nargs="*", default=[], metavar="NAME=URL=PID")
    parser.add_argument("--workers", default="1,2", help="of Feast's server")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--warmup", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--port", type=int, default=8792)
    options = parser.parse_args()
    folder = pathlib.Path(options.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    redis = (*options.redis.split(":"), os.environ["REDIS_PASSWORD"])
    result = {"versions": versions("feast", "redis", "fastapi", "uvicorn", "gunicorn"), "load_before": load()}
    table, file = write_parquet(options.rows, folder)
    pairs = table[KEYS].values.tolist()
    result["entities"] = len(pairs)
    running = [side.split("=") for side in options.running]
    result |= measure({name: (url, bodies(pairs, BATCH if name.endswith("_100") else 1), [int(pid)]) for name, url, pid in running}, options)
    result["redis"] = {f"c{c}": redis_limit(redis, pairs[0], c) for c in (options.connections, 1)}
    names, result["feast_materialize_s"] = apply_feast(table, file, folder, redis)
    procs, url = Procs(folder / "logs"), f"http://127.0.0.1:{options.port}/get-online-features"
    for workers in [int(n) for n in options.workers.split(",") if n]:
        start_feast(procs, workers, folder, options.port)
        try:
            wait_port(options.port)
            await_workers(procs, procs.pids()[0], workers)
            result["agreed_values"] = agree(running[0][1], url, pairs, names, http)
            sides = {f"feast{workers}": (url, bodies(pairs, 1, names), procs.pids())}
            sides[f"feast{workers}_100"] = (url, bodies(pairs, BATCH, names), procs.pids())
            result |= measure(sides, options)
        finally:
            procs.stop()
    emit(result | {"load_after": load()})


if __name__ == "__main__":
    main()
