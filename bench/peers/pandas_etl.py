"""The batch path bronze -> silver -> gold as its users run it (pandas + psycopg2 execute_values), and what the machine can do (DuckDB, COPY).

Run by EtlBench, against the PostgreSQL that PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE name (whose schema dwh it drops):
    python pandas_etl.py --events DIR --out DIR [--runs 3] [--only pandas,duckdb,copy]
Input: files part-*.json of one JSON event a line; output: 4 dimensions and a fact table. See WORKLOADS.md, part 6.
"""
import argparse, concurrent.futures as cf, glob, hashlib, json, os, pathlib, time
from common import PeakMem, Window, emit, median, versions, wait_quiet

a = argparse.ArgumentParser()
a.add_argument("--events", required=True); a.add_argument("--out", required=True); a.add_argument("--runs", type=int, default=3); a.add_argument("--only", default="pandas,duckdb,copy")
a = a.parse_args()

DDL = """drop schema if exists dwh cascade; create schema dwh;
create table dwh.dim_user (user_id bigint primary key);
create table dwh.dim_product (product_id bigint primary key, brand varchar(255), price decimal(10,2), price_tier varchar(50));
create table dwh.dim_category (category_id bigint primary key, category_code varchar(255), category_l1 varchar(255), category_l2 varchar(255), category_l3 varchar(255));
create table dwh.dim_date (event_date date primary key, event_week_day varchar(50));
create table dwh.fact_events (record_hash char(64) primary key, event_type varchar(50), user_id bigint references dwh.dim_user, product_id bigint references dwh.dim_product,
  category_id bigint references dwh.dim_category, event_date date references dwh.dim_date, event_timestamp timestamp, price decimal(10,2), user_session varchar(255), events_in_session int);"""
TABLES = {"dim_user": ["user_id"], "dim_product": ["product_id", "brand", "price", "price_tier"], "dim_category": ["category_id", "category_code", "category_l1", "category_l2", "category_l3"],
          "dim_date": ["event_date", "event_week_day"], "fact_events": ["record_hash", "event_type", "user_id", "product_id", "category_id", "event_date", "event_timestamp", "price", "user_session", "events_in_session"]}


def pandas_run(files, conn):
    import pandas as pd; from psycopg2.extras import execute_values
    t = [time.time()]; tick = lambda: t.append(time.time())
    read = lambda f: [json.loads(l) for l in open(f)]
    with cf.ThreadPoolExecutor(os.cpu_count()) as ex: recs = [r for rs in ex.map(read, files) for r in rs]
    tick()                                                                                                     # bronze: required fields and price, record hash
    ok = []
    for r in recs:
        if r.get("event_time") and r.get("event_type") and r.get("product_id") and r.get("user_id") and (r.get("price") or 0) > 0:
            r["record_hash"] = hashlib.sha256(f"{r['product_id']}|{r['event_time']}|{r['user_id']}|{r['event_type']}|{r['user_session']}".encode()).hexdigest(); ok.append(r)
    tick()                                                                                                     # silver
    d = pd.DataFrame(ok).drop_duplicates("record_hash", keep="first")
    d["event_timestamp"] = pd.to_datetime(d.event_time, format="%Y-%m-%d %H:%M:%S UTC"); d["event_date"] = d.event_timestamp.dt.date; d["event_week_day"] = d.event_timestamp.dt.day_name()
    d["price_tier"] = pd.cut(d.price, [0, 50, 250, 1000, float("inf")], right=False, labels=["low", "medium", "high", "luxury"]).astype(str)
    lv = d.category_code.str.split(".", expand=True).reindex(columns=range(3)); d[["category_l1", "category_l2", "category_l3"]] = lv.values
    s = d.groupby("user_session").agg(events_in_session=("event_type", "count"), session_start=("event_timestamp", "min"), session_end=("event_timestamp", "max"), avg_price=("price", "mean"), min_price=("price", "min"), max_price=("price", "max")).reset_index()
    d = d.merge(s, on="user_session", how="left"); tick()
    cur = conn.cursor(); d["user_id"] = d.user_id.astype("int64"); d = d.astype(object).where(d.notna(), None)              # gold
    for name, cols in TABLES.items():
        x = d[cols].drop_duplicates(cols[0])
        execute_values(cur, f"insert into dwh.{name} ({','.join(cols)}) values %s on conflict do nothing", list(x.itertuples(index=False, name=None)), page_size=1000)
    conn.commit(); tick()
    return len(recs), dict(zip(("read_s", "bronze_s", "silver_s", "gold_s"), (round(y - x, 3) for x, y in zip(t, t[1:]))))


SQL = """create or replace table ev as select * from read_json($1, format='newline_delimited', columns={event_time:'VARCHAR',event_type:'VARCHAR',product_id:'BIGINT',category_id:'BIGINT',category_code:'VARCHAR',brand:'VARCHAR',price:'DOUBLE',user_id:'BIGINT',user_session:'VARCHAR'}, filename=true);
create or replace table silver as with v as (select *, sha256(product_id||'|'||event_time||'|'||user_id||'|'||event_type||'|'||user_session) record_hash from ev where event_time<>'' and event_type<>'' and product_id<>0 and user_id<>0 and price>0),
 d as (select *, strptime(event_time,'%Y-%m-%d %H:%M:%S UTC') event_timestamp from v qualify row_number() over (partition by record_hash)=1)
 select *, event_timestamp::date event_date, dayname(event_timestamp) event_week_day, case when price<50 then 'low' when price<250 then 'medium' when price<1000 then 'high' else 'luxury' end price_tier,
 nullif(split_part(category_code,'.',1),'') category_l1, nullif(split_part(category_code,'.',2),'') category_l2, nullif(split_part(category_code,'.',3),'') category_l3, count(*) over s events_in_session,
 min(event_timestamp) over s session_start, max(event_timestamp) over s session_end, avg(price) over s avg_price, min(price) over s min_price, max(price) over s max_price from d window s as (partition by user_session)"""


def duckdb_run(files, out):
    """DuckDB reads and transforms, and writes one CSV per table; copy_run then loads those."""
    import duckdb
    t = time.time(); c = duckdb.connect(); p = os.path.join(os.path.dirname(files[0]), "part-*.json")
    r, s = SQL.split(";\n", 1); c.execute(r.replace("$1", f"'{p}'")); t1 = time.time(); c.execute(s); t2 = time.time()
    for name, cols in TABLES.items():
        q = f"select {','.join(cols)} from silver" if name == "fact_events" else f"select {cols[0]}{''.join(f',any_value({x}) {x}' for x in cols[1:])} from silver group by 1"
        c.execute(f"copy ({q}) to '{out / (name + '.csv')}' (header false)")
    t3 = time.time(); n = c.execute("select count(*) from ev").fetchone()[0]; c.close()
    return n, {"read_s": round(t1 - t, 3), "transform_s": round(t2 - t1, 3), "csv_s": round(t3 - t2, 3)}


def copy_run(conn, out):
    t = [time.time()]; cur = conn.cursor(); n = 0
    for name, cols in TABLES.items():
        with open(out / f"{name}.csv") as f: cur.copy_expert(f"copy dwh.{name} ({','.join(cols)}) from stdin (format csv)", f)
        n = cur.rowcount; t.append(time.time())
    conn.commit(); t.append(time.time())
    return n, {"dims_s": round(t[4] - t[0], 3), "fact_s": round(t[-1] - t[4], 3)}


def connect():
    import psycopg2
    return psycopg2.connect("", connect_timeout=10)


files = sorted(glob.glob(os.path.join(a.events, "part-*.json"))); out = pathlib.Path(a.out).resolve(); out.mkdir(parents=True, exist_ok=True)
res = {"bench": "pandas_etl", "files": len(files), "versions": versions("pandas", "duckdb", "psycopg2-binary", "numpy")}
for v in a.only.split(","):
    rs = []
    for _ in range(a.runs):
        c = connect(); c.autocommit = True; c.cursor().execute(DDL); c.autocommit = False; wait_quiet()
        with PeakMem([os.getpid()], 0.2) as m:
            w = Window(os.getpid()); t = time.time()
            n, parts = pandas_run(files, c) if v == "pandas" else duckdb_run(files, out) if v == "duckdb" else copy_run(c, out)
            rs.append({"wall_s": time.time() - t, "rows": n, **parts, "own_cpu_s": w.end()["own_cpu_s"], "peak_rss_mb": m.rss})
        cur = c.cursor(); counts = {}
        for x in TABLES: cur.execute(f"select count(*) from dwh.{x}"); counts[x] = cur.fetchone()[0]
        c.close()
    wall = median([r["wall_s"] for r in rs]); last = sorted(rs, key=lambda r: r["wall_s"])[len(rs) // 2]
    res[v] = {"wall_s": round(wall, 2), "walls_s": [round(r["wall_s"], 2) for r in rs], "rows": last["rows"], "rows_per_s": round(last["rows"] / wall), **{k: x for k, x in last.items() if k not in ("wall_s", "rows")}}
    if v != "duckdb": res[v]["table_rows"] = counts
emit(res)
