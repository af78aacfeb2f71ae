"""Writes golden/expectations.jsonl for io.millrace.core.quality.GreatExpectationsTest.

Each line is a column, an expectation and what Great Expectations says about it.
Run: pip install great-expectations pandas; python3 golden_expectations.py ../resources/golden
"""
import json
import pathlib
import sys

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd

COLUMNS = {
    "some_null": [1.0, 2.0, None, 4.0, 4.0, None, -3.0, 100.0],
    "all_null": [None] * 5,
    "unique": [1.0, 2.0, 3.0],
    "empty": [],
    "repeated": [5.0] * 30,
    "words": ["view", "cart", "VIEW", None, "buy", "view"],
}
CASES = [
    (column, kind, {**kwargs, "mostly": mostly})
    for column in COLUMNS
    for mostly in (1.0, 0.75, 0.5)
    for kind, kwargs in [
        ("ExpectColumnValuesToNotBeNull", {}),
        ("ExpectColumnValuesToBeUnique", {}),
        *([("ExpectColumnValuesToBeBetween", {"min_value": 0.0, "max_value": 4.0}),
           ("ExpectColumnValuesToBeInSet", {"value_set": [1.0, 2.0, 4.0]})] if column != "words" else
          [("ExpectColumnValuesToMatchRegex", {"regex": "^[a-z]+$"}),
           ("ExpectColumnValuesToBeInSet", {"value_set": ["view", "cart"]})]),
    ]
]


def main(folder):
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("golden")
    with open(folder / "expectations.jsonl", "w") as file:
        file.write(f"# great-expectations {gx.__version__}, pandas {pd.__version__}\n")
        for number, (column, kind, kwargs) in enumerate(CASES):
            frame = pd.DataFrame({column: pd.Series(COLUMNS[column], dtype="object" if column == "words" else "float64")})
            batch = source.add_dataframe_asset(f"case{number}").add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
            answer = batch.validate(getattr(gxe, kind)(column=column, **kwargs)).to_json_dict()
            file.write(json.dumps({
                "values": COLUMNS[column], "type": answer["expectation_config"]["type"], "column": column, **kwargs,
                "success": answer["success"], "result": answer["result"]}) + "\n")
        for rows, low, high in [(0, 0, 5), (0, 1, 5), (5, 1, 5), (6, 1, 5)]:
            frame = pd.DataFrame({"a": [1] * rows})
            batch = source.add_dataframe_asset(f"rows{rows}{low}").add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
            answer = batch.validate(gxe.ExpectTableRowCountToBeBetween(min_value=low, max_value=high)).to_json_dict()
            file.write(json.dumps({
                "values": [1] * rows, "type": answer["expectation_config"]["type"], "min_value": low, "max_value": high,
                "success": answer["success"], "result": answer["result"]}) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
