"""Writes golden/events.csv and golden/events_expected.csv for io.millrace.core.GoldenTest.

An independent statement of the event identity and of the features, in Python's standard library
only and without looking at the Java code. The rows are made up here, so that they carry nobody's
licence. Run: python3 golden_events.py ../resources/golden
"""
import csv
import hashlib
import pathlib
import random
import sys
import uuid
from datetime import datetime, timedelta, timezone

COLUMNS = ["event_time", "event_type", "product_id", "category_id", "category_code", "brand", "price", "user_id", "user_session"]
CODES = ["appliances.kitchen.hood", "electronics.smartphone", "apparel.shoes.keds.kids", "auto", "", "a..c"]
BRANDS = ["samsung", "gran-stone", "", "крупа", "o'neill \"x\""]
PRICES = ["0.01", "49.99", "50", "249.99", "250.00", "999.99", "1000.0", "2574.07"]
TYPES = ["view", "view", "view", "cart", "purchase", "remove_from_cart"]


def make_rows(rng):
    rows = []
    for _ in range(40):
        session, user = str(uuid.UUID(int=rng.getrandbits(128), version=4)), rng.randrange(1, 2**40)
        at = datetime(rng.choice([1999, 2019, 2020, 2038]), rng.randrange(1, 13), rng.randrange(1, 29), 23, rng.randrange(60), tzinfo=timezone.utc)
        products = [(rng.randrange(10**8), rng.randrange(2**62), rng.choice(CODES), rng.choice(BRANDS), rng.choice(PRICES)) for _ in range(3)]
        visit = []
        for _ in range(rng.randrange(1, 14)):
            at += timedelta(seconds=rng.choice([0, 0, 1, 40, 1800]), microseconds=rng.choice([0, 0, 0, 250000, 1]))
            product = rng.choice(products)
            stamp = at.strftime("%Y-%m-%d %H:%M:%S") + (f".{at.microsecond:06d}" if at.microsecond else "") + " UTC"
            visit.append([stamp, rng.choice(TYPES), product[0], product[1], product[2], product[3], product[4], user, session])
            if rng.random() < 0.15:
                visit.append(list(visit[-1]))
        rows += visit
    rng.shuffle(rows)
    return [[str(value) for value in row] for row in rows]


def instant(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f UTC" if "." in text else "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=timezone.utc)


def iso_instant(at):
    """What java.time.format.DateTimeFormatter.ISO_INSTANT documents: 0, 3, 6 or 9 digits of fraction, as needed."""
    fraction = "" if at.microsecond == 0 else f".{at.microsecond // 1000:03d}" if at.microsecond % 1000 == 0 else f".{at.microsecond:06d}"
    return at.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def identity(row):
    text = "|".join([row["product_id"], iso_instant(instant(row["event_time"])), row["user_id"], row["event_type"], row["user_session"]])
    return hashlib.sha256(text.encode()).hexdigest()


def tier(price):
    return "low" if price < 50 else "medium" if price < 250 else "high" if price < 1000 else "luxury"


def main(folder):
    rows = make_rows(random.Random(20191001))
    with open(folder / "events.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    rows = [dict(zip(COLUMNS, row)) for row in rows]
    with open(folder / "events_expected.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["identity", "weekday", "tier", "level1", "level2", "level3", "activity_count", "label"])
        for row in rows:
            at = instant(row["event_time"])
            session = {identity(other): other for other in rows if other["user_session"] == row["user_session"]}.values()
            levels = (row["category_code"].split(".") + ["", "", ""])[:3]
            activity = sum(instant(other["event_time"]) <= at for other in session)
            bought = any(
                other["event_type"] == "purchase" and other["product_id"] == row["product_id"]
                and at <= instant(other["event_time"]) <= at + timedelta(minutes=30)
                for other in session)
            writer.writerow([identity(row), at.weekday(), tier(float(row["price"])), *levels, activity, int(bought)])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
