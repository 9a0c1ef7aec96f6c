"""Judges a data frame of Spark, and counts what was decided: `python spark_orders.py`."""

import pathlib

import rulebook.spark
from pyspark.sql import SparkSession

folder = pathlib.Path(__file__).resolve().parents[3] / "policies/taobao"
spark = SparkSession.builder.getOrCreate()
checkouts = spark.read.json(f"{folder}/data/wechat_pay.jsonl")
judged = rulebook.spark.judge(checkouts, rulebook.Rulebook.load(folder), "wechat_pay").cache()
decided, rejected = rulebook.spark.split(judged)
decided.groupBy("open").count().show()
print(rejected.count(), "rejected")
