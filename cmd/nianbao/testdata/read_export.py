"""Reads an export with programs that are not nianbao's and says what differs."""
import csv
import json
import sys

import openpyxl
import pyarrow.dataset as dataset
from frictionless import Package

root = sys.argv[1]
report = Package(root + "/datapackage.json").validate()
for task in report.tasks:
    for error in task.errors:
        print("frictionless:", task.name, error.message)
for error in report.errors:
    print("frictionless:", error.message)

described = {r["path"]: r for r in json.load(open(root + "/datapackage.json"))["resources"]}
tables = {p[4:-4]: r for p, r in described.items() if p.startswith("csv/")}
if len(tables) < 15 or len(report.tasks) != len(described):
    print("only", len(tables), "tables and", len(report.tasks), "of", len(described), "resources")

book = openpyxl.load_workbook(root + "/xlsx/nianbao.xlsx")
for sheet in book:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                print("a formula:", sheet.title, cell.coordinate, cell.value)
codebook = {(r[0], r[3]): r for r in book["codebook"].iter_rows(min_row=2, values_only=True)}


def text(value):
    """What CSV says for a value of Parquet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)


for name, resource in tables.items():
    rows = list(csv.DictReader(open(f"{root}/csv/{name}.csv", encoding="utf-8", newline="")))
    data = dataset.dataset(f"{root}/parquet/{name}", format="parquet", partitioning=dataset.HivePartitioning.discover())
    fields = [f["name"] for f in resource["schema"]["fields"]]
    parquet = data.to_table(columns=fields).to_pylist()
    numbers = {f["name"] for f in resource["schema"]["fields"] if f["type"] == "number"}
    for f in fields:
        number = lambda v: -1e18 if v in ("", None) else float(v)
        read = number if f in numbers else text
        if sorted(read(r[f]) for r in rows) != sorted(read(r[f]) for r in parquet):
            print(f"csv and parquet differ: {name}.{f}")
        if (name, f) not in codebook or not codebook[name, f][9]:
            print(f"the codebook lacks {name}.{f}")
    if name in book.sheetnames:
        sheet = list(book[name].iter_rows(values_only=True))
        if list(sheet[0]) != fields or len(sheet) - 1 != len(rows):
            print(f"csv and sheet differ: {name}: {len(rows)} rows and {len(sheet) - 1}")
        for i, f in enumerate(fields):
            if [r[f] == "" for r in rows] != [v[i] in (None, "") for v in sheet[1:]]:
                print(f"what is missing differs between csv and sheet: {name}.{f}")

cells = dataset.dataset(root + "/parquet/cell", format="parquet", partitioning="hive")
print("cell.value is", cells.schema.field("value").type)
sheet = list(book["requests"].iter_rows(values_only=True))
at = {n: i for i, n in enumerate(sheet[0])}
for row in sheet[1:]:
    if row[at["adcode"]] == "410100":
        print("app_new of 410100:", row[at["app_new"]], row[at["report_year"]])
