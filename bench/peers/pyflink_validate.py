"""The validation job as the seed wrote it: PyFlink's DataStream API, rules in Python, Kafka in and out.

Reads a topic to its present end, judges each message by the fields its own schema names, and writes valid and
invalid messages to two topics, with no checkpoints and no delivery guarantee, as the seed did. Prints one line of
JSON: messages, seconds (Flink's net run time of the job) and versions.

Usage: pyflink_validate.py --bootstrap HOST:PORT --topic T --valid V --invalid I --jars DIR --parallelism N
                           [--mode process|thread]
"""
import argparse, json, pathlib, sys, time
from datetime import datetime, timezone

from common import load, versions

TYPES = {"string": (str,), "int64": (int,), "long": (int,), "double": (float, int), "boolean": (bool,)}
EVENT_TYPES = ("view", "cart", "purchase", "remove_from_cart")
ZONED = ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S%z")


def zoned(value):
    if not isinstance(value, str):
        return False
    for pattern in ZONED:
        try:
            datetime.strptime(value, pattern)
            return True
        except ValueError:
            pass
    return False


def type_fits(field, value):
    name = field.get("name", "")
    if name.startswith("io.debezium.time."):
        return zoned(value) if name.endswith("ZonedTimestamp") else isinstance(value, int) and value >= 0
    kind = field["type"]
    names = [k for k in kind if k != "null"] if isinstance(kind, list) else [kind]
    return any(n not in TYPES or isinstance(value, TYPES[n]) for n in names)


def fault(record):
    """The first rule that is broken, or None."""
    payload = record["payload"]
    for field in record["schema"]["fields"]:
        name = field.get("field") or field.get("name")
        optional = field.get("optional", False)
        if name not in payload:
            if optional:
                continue
            return f"Field {name} is required"
        value = payload[name]
        if value is None:
            kind = field["type"]
            if not ("null" in kind if isinstance(kind, list) else optional):
                return f"Field {name} has invalid type"
            continue
        if not type_fits(field, value):
            return f"Field {name} has invalid type"
        if name == "price" and not value > 0:
            return "Price should be greater than 0"
        if name == "event_type" and value not in EVENT_TYPES:
            return "Event type should be one of: " + ", ".join(EVENT_TYPES)
    return None


def judge(text):
    now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
    try:
        record = json.loads(text)
        error = fault(record)
    except Exception as e:  # as the seed did: whatever goes wrong is a processing error
        return False, json.dumps({"valid": "INVALID", "error_message": f"Processing error: {e}",
                                  "error_type": "PROCESSING_ERROR", "raw_data": text,
                                  "metadata": {"processed_at": now}})
    if error is None:
        record.update(valid="VALID", error_message=None, error_type=None, metadata={"processed_at": now})
        return True, json.dumps(record)
    record.update(valid="INVALID", error_message=error, error_type="SCHEMA_VALIDATION_ERROR", metadata={})
    return False, json.dumps(record)


def main():
    a = argparse.ArgumentParser()
    for name in ("bootstrap", "topic", "valid", "invalid", "jars"):
        a.add_argument("--" + name, required=True)
    a.add_argument("--parallelism", type=int, default=1)
    a.add_argument("--mode", choices=("process", "thread"), default="process")
    o = a.parse_args()

    from pyflink.common import Configuration, SimpleStringSchema, Types, WatermarkStrategy
    from pyflink.datastream import OutputTag, ProcessFunction, StreamExecutionEnvironment
    from pyflink.datastream.connectors.kafka import (
        KafkaOffsetsInitializer, KafkaRecordSerializationSchema, KafkaSink, KafkaSource)

    conf = Configuration()
    conf.set_string("python.execution-mode", o.mode)
    conf.set_string("python.executable", sys.executable)
    conf.set_string("python.client.executable", sys.executable)
    conf.set_string("pipeline.jars", ";".join(p.resolve().as_uri() for p in sorted(pathlib.Path(o.jars).glob("*.jar"))
                                              if p.name.startswith(("flink-connector-kafka", "flink-connector-base",
                                                                    "kafka-clients", "lz4-java", "zstd-jni"))))
    env = StreamExecutionEnvironment.get_execution_environment(conf)
    env.set_parallelism(o.parallelism)
    source = (KafkaSource.builder().set_bootstrap_servers(o.bootstrap).set_topics(o.topic)
              .set_group_id("pyflink-" + o.valid).set_starting_offsets(KafkaOffsetsInitializer.earliest())
              .set_bounded(KafkaOffsetsInitializer.latest()).set_value_only_deserializer(SimpleStringSchema()).build())
    invalid = OutputTag("invalid", Types.STRING())

    class Judge(ProcessFunction):
        def process_element(self, text, context):
            valid, output = judge(text)
            yield output if valid else (invalid, output)

    judged = (env.from_source(source, WatermarkStrategy.no_watermarks(), "raw")
              .process(Judge(), Types.STRING()))
    for stream, topic in ((judged, o.valid), (judged.get_side_output(invalid), o.invalid)):
        sink = (KafkaSink.builder().set_bootstrap_servers(o.bootstrap)
                .set_property("compression.type", "lz4").set_property("linger.ms", "20")
                .set_property("batch.size", str(128 << 10))
                .set_record_serializer(KafkaRecordSerializationSchema.builder().set_topic(topic)
                                       .set_value_serialization_schema(SimpleStringSchema()).build()).build())
        stream.sink_to(sink)
    started = time.time()
    result = env.execute("pyflink-validation")
    print(json.dumps({"seconds": result.get_net_runtime() / 1000, "wall_s": time.time() - started, "mode": o.mode,
                      "parallelism": o.parallelism, "load": load(), **versions("apache-flink")}))


if __name__ == "__main__":
    main()
