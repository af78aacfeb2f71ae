"""Writes recount/odd-events.csv.gz and recount/expected.json for io.millrace.workers.demo.WholeWayIT.

A CSV file of ordinary and odd lines, and what must become of them: an independent recount, in Python's standard library
only, from the rules in docs/streaming.md and docs/loading.md. The rows are generated, so no licence applies to them.
Run: python3 odd_events.py ../resources/recount
"""
import collections, csv, gzip, io, json, pathlib, random, re, sys
from datetime import datetime, timedelta, timezone

COLUMNS = ["event_time", "event_type", "product_id", "category_id", "category_code", "brand", "price", "user_id", "user_session"]
TYPES = ("view", "cart", "purchase", "remove_from_cart")
MOST_BYTES = 1 << 20
LONG = re.compile(r"-?(0|[1-9][0-9]{0,18})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
FIELD = r'(?:[^",\r]*|"(?:[^"]|"")*")'  # RFC 4180
ROW = re.compile(f"{FIELD}(,{FIELD})*")
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,6})?( UTC|Z|[+-]\d\d:?\d\d)")

csv.field_size_limit(2 * MOST_BYTES)


def row(rng, number, **changes):
    """A line of the file; its values come from its number, so that no two are the same event."""
    at = datetime(2020, 3, 4, 12, tzinfo=timezone.utc) + timedelta(seconds=number)
    values = dict(zip(COLUMNS, [
        at.strftime("%Y-%m-%d %H:%M:%S UTC"), rng.choice(TYPES), str(1000 + number % 37), "2053013555631882655",
        rng.choice(["", "electronics.smartphone", "auto"]), rng.choice(["", "acme", "крупа"]), f"{rng.randrange(1, 90000) / 100}",
        str(500 + number % 11), f"recount-{number % 29}"]))
    values.update(changes)
    return ",".join(values[name] for name in COLUMNS)


def odd_lines(rng, number):
    """Odd lines, each as bytes without its end."""
    texts = [
        row(rng, number, price="-100"), row(rng, number + 1, price="0"), row(rng, number + 2, price="free"),
        row(rng, number + 3, price="1e308"), row(rng, number + 4, price="4.9e-324"), row(rng, number + 5, price="1e400"),
        row(rng, number + 6, price="99999999.99"), row(rng, number + 7, price="100000000"), row(rng, number + 8, price=""),
        row(rng, number + 9, event_type="buy"), row(rng, number + 10, event_type="VIEW"), row(rng, number + 11, event_type=""),
        row(rng, number + 12, event_time="9999-12-31 23:59:59 UTC"), row(rng, number + 13, event_time="0001-01-01 00:00:00 UTC"),
        row(rng, number + 14, event_time="1969-12-31 23:59:59.999999 UTC"), row(rng, number + 15, event_time="2020-02-30 00:00:00 UTC"),
        row(rng, number + 16, event_time="2020-03-04 00:00:00"), row(rng, number + 17, event_time=f"2020-03-04T13:{number % 60:02d}:01.25+05:45"),
        row(rng, number + 18, user_id="9223372036854775807"), row(rng, number + 19, user_id="9223372036854775808"),
        row(rng, number + 20, product_id="-9223372036854775808"), row(rng, number + 21, product_id="+5"),
        row(rng, number + 22, product_id="012"), row(rng, number + 23, category_id="0"), row(rng, number + 24, category_id="1.0"),
        row(rng, number + 25, brand="b" * 255), row(rng, number + 26, brand="b" * 256), row(rng, number + 27, user_session="s" * 256),
        row(rng, number + 28, user_session=""), row(rng, number + 29, category_code="c" * 300), row(rng, number + 30, brand="a\x00b"),
        row(rng, number + 31, brand='"x, y"'), row(rng, number + 32, brand='"x ""y"""'), row(rng, number + 33, brand='"not closed'),
        row(rng, number + 34, brand='"x" y'), row(rng, number + 35) + ",one more", "too,few", "\ufeff" + row(rng, number + 36),
        row(rng, number + 37, brand="one\rtwo"), row(rng, number + 38) + "\r" + row(rng, number + 39), row(rng, number + 40, brand='"q"') + "\r" + row(rng, number + 41),
        row(rng, number + 42, brand="__debezium_unavailable_value"), row(rng, number + 43, brand="\u202eabc"), "", "   ",
    ]
    return [text.encode() for text in texts] + [row(rng, number + 44).encode().replace(b"recount", b"\xff\xfe")]


def fat_lines(rng, number):
    """Lines that are too long for a message, one of them only once its control characters are written as JSON."""
    return [row(rng, number, brand="\x01" * 200_000).encode(), row(rng, number + 1, brand="x" * (MOST_BYTES + 1)).encode()]


def message_bytes(values):
    """About the length of the JSON message: far from every limit the exact one does not matter."""
    return sum(len(json.dumps(value, ensure_ascii=False).encode()) for value in values) + 900


def time_of(text):
    match = TIME.fullmatch(text)
    if not match:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        year = int(day[:4])
        if year in (1, 9999):  # Python cannot move these by a time zone, and need not
            return text
        at = datetime.fromisoformat(f"{day}T{clock}{(fraction or '.0').ljust(7, '0')}+00:00")
    except ValueError:
        return None
    if zone not in (" UTC", "Z"):
        at -= (1 if zone[0] == "+" else -1) * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return at.isoformat()


def columns(line):
    """The values of a line, or None if it is no single row."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    if not ROW.fullmatch(text):
        return None
    return next(csv.reader(io.StringIO(text, newline=""), strict=True))


def invalid(values):
    """Whether the event contract refuses the row."""
    event = dict(zip(COLUMNS, values))
    for name in ("product_id", "category_id", "user_id"):
        if not LONG.fullmatch(event[name]) or not -2**63 <= int(event[name]) < 2**63:
            return True
    if any("\x00" in value or value == "__debezium_unavailable_value" for value in values):
        return True
    price = event["price"]
    if not DECIMAL.fullmatch(price) or not 0 < float(price) < float("inf"):
        return True
    return event["event_type"] not in TYPES or event["user_session"] == "" or time_of(event["event_time"]) is None


def outside_of_warehouse(values):
    """Whether the warehouse quarantines the event: a time far off, or what its columns cannot hold."""
    event = dict(zip(COLUMNS, values))
    at = time_of(event["event_time"])
    return (not at.startswith("20") or float(event["price"]) > 99_999_999.99
            or any(len(event[name]) > 255 for name in ("brand", "category_code", "user_session")))


def recount(content):
    counts = collections.Counter()
    identities = set()
    lines = content.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    for line in lines[1:]:
        line = line[:-1] if line.endswith(b"\r") else line
        counts["lines"] += 1
        if not line:
            counts["blank"] += 1
            continue
        if len(line) > MOST_BYTES:
            counts["refused"] += 1
            continue
        values = columns(line)
        if values is None or len(values) != len(COLUMNS):
            counts["sent"] += 1
            counts["invalid"] += 1
            continue
        if message_bytes(values) > MOST_BYTES:
            counts["refused"] += 1
            continue
        counts["sent"] += 1
        if invalid(values):
            counts["invalid"] += 1
            continue
        counts["valid"] += 1
        if outside_of_warehouse(values):
            counts["quarantined"] += 1
            continue
        counts["bronze"] += 1
        event = dict(zip(COLUMNS, values))
        identities.add((int(event["product_id"]), time_of(event["event_time"]), int(event["user_id"]), event["event_type"], event["user_session"]))
    counts["events"] = len(identities)
    return counts


def main(folder):
    rng = random.Random(20261130)
    lines = [row(rng, number).encode() for number in range(2_000)]
    lines += rng.sample(lines, 150)  # events that come twice
    for start in (3_000, 4_000, 5_000):
        lines += odd_lines(rng, start)
    lines += fat_lines(rng, 6_000)
    rng.shuffle(lines)
    lines = [line + (b"\r\n" if rng.random() < 0.3 else b"\n") for line in lines]
    content = (",".join(COLUMNS) + "\n").encode() + b"".join(lines) + row(rng, 7_000).encode()
    cuts = [0, 17, len(content) // 3, len(content) // 2, len(content)]
    with open(folder / "odd-events.csv.gz", "wb") as file:
        for start, end in zip(cuts, cuts[1:]):  # a gzip file of several members, cut anywhere
            file.write(gzip.compress(content[start:end], mtime=0))
    (folder / "expected.json").write_text(json.dumps(dict(sorted(recount(content).items())), indent=1) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
