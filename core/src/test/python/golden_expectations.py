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
AGGREGATES = [
    *((column, "ExpectColumnProportionOfUniqueValuesToBeBetween", {"min_value": low, "max_value": 1.0})
      for column in ("some_null", "unique", "empty", "repeated", "words") for low in (0.3, 0.8)),
    *(("words", "ExpectColumnKLDivergenceToBeLessThan", {
        "partition_object": {"values": list(weights), "weights": list(weights.values())},
        "threshold": threshold, "tail_weight_holdout": 0.01})
      for threshold in (0.05, 0.5, 5.0)
      for weights in ({"view": 0.5, "cart": 0.25, "VIEW": 0.125, "buy": 0.125},
                      {"view": 0.4, "cart": 0.2, "VIEW": 0.2, "buy": 0.2},
                      {"view": 0.9, "cart": 0.1},
                      {"view": 0.3, "cart": 0.3, "VIEW": 0.1, "buy": 0.1, "remove": 0.2})),
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
        for number, (column, kind, kwargs) in enumerate(AGGREGATES):
            frame = pd.DataFrame({column: pd.Series(COLUMNS[column], dtype="object" if column == "words" else "float64")})
            batch = source.add_dataframe_asset(f"aggregate{number}").add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
            answer = batch.validate(getattr(gxe, kind)(column=column, **kwargs)).to_json_dict()
            file.write(json.dumps({
                "values": COLUMNS[column], "type": answer["expectation_config"]["type"], "column": column, **kwargs,
                "success": answer["success"], "result": answer["result"]}) + "\n")
        for rows, value in [(0, 0), (3, 3), (3, 4)]:
            frame = pd.DataFrame({"a": [1] * rows})
            batch = source.add_dataframe_asset(f"equal{rows}{value}").add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
            answer = batch.validate(gxe.ExpectTableRowCountToEqual(value=value)).to_json_dict()
            file.write(json.dumps({
                "values": [1] * rows, "type": answer["expectation_config"]["type"], "value": value,
                "success": answer["success"], "result": answer["result"]}) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
