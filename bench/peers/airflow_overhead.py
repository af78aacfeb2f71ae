"""Airflow 3 scheduling overhead: LocalExecutor, metadata in PostgreSQL, no-op Python tasks.

Run by EngineBench, against the PostgreSQL that PGHOST, PGPORT, PGUSER, PGPASSWORD name (whose database airflow it makes anew), with process id PG_PID:
    python airflow_overhead.py --dir DIR [--fanout 500] [--profile tuned|default] [--only chain,grid]
Prints one JSON line per workload as it ends, and a last line with everything. See WORKLOADS.md, part 1.
"""
import argparse, base64, os, pathlib, secrets, subprocess, sys, time
import psycopg2
from common import Procs, Window, emit, http, load, mem, median, other_cpu, tree, versions, wait_http, wait_quiet

a = argparse.ArgumentParser()
a.add_argument("--dir", default="run/airflow"); a.add_argument("--port", type=int, default=8790)
a.add_argument("--fanout", type=int, default=500)
a.add_argument("--runs", type=int, default=3, help="runs of chain and grid; fan-out runs once, single --single-runs times")
a.add_argument("--single-runs", type=int, default=10); a.add_argument("--parallelism", type=int, default=32)
a.add_argument("--profile", choices=["tuned", "default"], default="tuned")
a.add_argument("--only", default="single,chain,grid,fanout"); a.add_argument("--limit-s", type=int, default=900)
a = a.parse_args()
dir = pathlib.Path(a.dir).resolve(); (dir / "dags").mkdir(parents=True, exist_ok=True)
airflow = str(pathlib.Path(sys.executable).parent / "airflow")

DAGS = f'''
from airflow.sdk import dag, task
from airflow.sdk.bases.operator import chain

@task
def noop(): pass

@dag(schedule=None, catchup=False)
def single(): noop()

@dag(schedule=None, catchup=False)
def chain40(): chain(*[noop.override(task_id=f"t{{i}}")() for i in range(40)])

@dag(schedule=None, catchup=False)
def grid10x10():
    for c in range(10): chain(*[noop.override(task_id=f"c{{c}}_t{{i}}")() for i in range(10)])

@dag(schedule=None, catchup=False)
def fanout():
    @task
    def make(): return list(range({a.fanout}))
    @task
    def one(x): pass
    one.expand(x=make())

single(); chain40(); grid10x10(); fanout()
'''

pg_pid = int(os.environ["PG_PID"])
def connect(db):
    c = psycopg2.connect(host=os.environ["PGHOST"], port=os.environ["PGPORT"], user=os.environ["PGUSER"], password=os.environ["PGPASSWORD"], dbname=db)
    c.autocommit = True
    return c
dsn = f"postgresql+psycopg2://{os.environ['PGUSER']}:{os.environ['PGPASSWORD']}@{os.environ['PGHOST']}:{os.environ['PGPORT']}/airflow"
env = dict(os.environ, AIRFLOW_HOME=str(dir), AIRFLOW__CORE__DAGS_FOLDER=str(dir / "dags"), AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__EXECUTOR="LocalExecutor", AIRFLOW__CORE__PARALLELISM=str(a.parallelism), AIRFLOW__CORE__MAX_ACTIVE_TASKS_PER_DAG=str(a.parallelism),
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="False", AIRFLOW__CORE__FERNET_KEY=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS="True", AIRFLOW__API_AUTH__JWT_SECRET=secrets.token_hex(32), AIRFLOW__API__SECRET_KEY=secrets.token_hex(16),
    AIRFLOW__API__PORT=str(a.port), AIRFLOW__API__HOST="127.0.0.1", AIRFLOW__API__BASE_URL=f"http://127.0.0.1:{a.port}",
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL=f"http://127.0.0.1:{a.port}/execution/", AIRFLOW__LOGGING__JSON_LOGS="False", AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=dsn)
if a.profile == "tuned":   # the two documented throughput settings of the scheduler loop
    env |= dict(AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME="0.1", AIRFLOW__SCHEDULER__MAX_TIS_PER_QUERY=str(a.parallelism))

out = {"bench": "airflow_overhead", "profile": a.profile, "parallelism": a.parallelism, "load_start": load(), "cpu_busy_before": other_cpu(),
       "versions": versions("apache-airflow", "apache-airflow-task-sdk", "sqlalchemy", "psycopg2-binary", "fastapi", "uvicorn")}
procs = Procs(dir / "proclogs")
(dir / "dags" / "bench.py").write_text(DAGS)
admin = connect("postgres")
admin.cursor().execute("drop database if exists airflow with (force)"); admin.cursor().execute("create database airflow"); admin.close()
t = time.time(); subprocess.run([airflow, "db", "migrate"], env=env, check=True, capture_output=True); out["db_migrate_s"] = round(time.time() - t, 1)
try:
    t = time.time()
    procs.start("api", [airflow, "api-server"], env); procs.start("dagproc", [airflow, "dag-processor"], env); procs.start("scheduler", [airflow, "scheduler"], env)
    wait_http(f"http://127.0.0.1:{a.port}/api/v2/version"); out["api_up_s"] = round(time.time() - t, 1)
    token = http("GET", f"http://127.0.0.1:{a.port}/auth/token")["access_token"]
    auth = {"Authorization": "Bearer " + token}
    db = connect("airflow"); cur = db.cursor()
    def q(sql, *args): cur.execute(sql, args); return cur.fetchall()
    while q("select count(*) from dag where not is_stale")[0][0] < 4: time.sleep(0.2)
    out["dags_parsed_s"] = round(time.time() - t, 1)

    def run(dag):
        """Trigger over REST, wait in the DB; times are the DB's task and run times (same clock as ours)."""
        t0 = time.time()
        rid = http("POST", f"http://127.0.0.1:{a.port}/api/v2/dags/{dag}/dagRuns", {"logical_date": None}, auth)["dag_run_id"]
        ack = time.time() - t0
        while True:
            (st, end), = q("select state, extract(epoch from end_date) from dag_run where dag_id=%s and run_id=%s", dag, rid)
            if st in ("success", "failed"): break
            if time.time() - t0 > a.limit_s: st = "timeout"; end = time.time(); break
            time.sleep(0.1)
        n, first, last, busy = q("select count(*), extract(epoch from min(start_date)), extract(epoch from max(end_date)), sum(extract(epoch from end_date-start_date)) "
                           "from task_instance where dag_id=%s and run_id=%s and state='success'", dag, rid)[0]
        return {"state": st, "tasks": n, "wall_s": float(end) - t0, "first_start_s": float(first) - t0, "ack_s": ack, "task_s": float(busy) / n}

    run("single")                                                            # warm-up
    wait_quiet(); time.sleep(5); idle = tree(procs.pids()); out["idle_rss_mb"], out["idle_pss_mb"] = mem(idle); out["idle_procs"] = len(idle)
    pgp = tree([pg_pid]); out["idle_pg_pss_mb"] = mem(pgp)[1]
    w = Window(os.getpid(), pg_pid); time.sleep(10); out["idle_cpu"] = w.end()
    for name in a.only.split(","):
        dag, runs = {"single": ("single", a.single_runs), "chain": ("chain40", a.runs), "grid": ("grid10x10", a.runs), "fanout": ("fanout", 1)}[name]
        rs = []
        for _ in range(runs):
            if name != "single" or not rs: wait_quiet()
            w = Window(os.getpid(), pg_pid); rs.append(run(dag)); rs[-1]["cpu"] = w.end()
        procs.check(); w = [r["wall_s"] for r in rs]; n = rs[0]["tasks"]
        out[name] = {"states": sorted({r["state"] for r in rs}), "runs": runs, "tasks": n, "wall_s": [round(x, 2) for x in w], "wall_s_p50": round(median(w), 2),
                     "ms_per_task": round(median(w) / n * 1e3, 1), "tasks_per_s": round(n / median(w), 2), "first_start_ms_p50": round(median([r["first_start_s"] for r in rs]) * 1e3),
                     "first_start_ms_max": round(max(r["first_start_s"] for r in rs) * 1e3), "ack_ms_p50": round(median([r["ack_s"] for r in rs]) * 1e3),
                     "mean_in_task_ms": round(median([r["task_s"] for r in rs]) * 1e3), "own_cpu_ms_per_task": round(median([r["cpu"]["own_cpu_s"] for r in rs]) / n * 1e3), "others_cores": [r["cpu"]["others_cores"] for r in rs], "load": load()}
        emit({"bench": "airflow_overhead", "part": name, **out[name]})
    m = tree(procs.pids()); out["after_rss_mb"], out["after_pss_mb"] = mem(m); out["after_procs"] = len(m)
    db.close()
finally: procs.stop()
emit(out)
