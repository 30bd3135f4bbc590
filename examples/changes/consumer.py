"""Prints the changes of an archive, a line each, and goes on where it was when it is started again:

    python consumer.py BROKERS TOPIC PLACE-FILE [GROUP]

Needs confluent-kafka (pip install confluent-kafka).
"""

import json
import os
import signal
import sys

from confluent_kafka import Consumer

brokers, topic, place_file = sys.argv[1:4]
group = sys.argv[4] if len(sys.argv) > 4 else f"{topic}.example"
last = 0
if os.path.exists(place_file):
    with open(place_file, encoding="utf-8") as file:
        last = int(file.read())


def handle(change):
    global last
    # the offset of the group may be older than what was done
    if change["Seq"] <= last:
        return
    if change["Seq"] > last + 1:
        print(f"Seq {last + 1} to {change['Seq'] - 1} are gone: compare with the archive", file=sys.stderr, flush=True)
    print(change["Seq"], change["ChangeType"], change["ResourceType"], change["ID"], flush=True)
    last = change["Seq"]
    # only now it is done; what it was done to should remember it in the same transaction
    with open(f"{place_file}.new", "w", encoding="utf-8") as file:
        file.write(str(last))
    os.replace(f"{place_file}.new", place_file)


consumer = Consumer(
    {
        "bootstrap.servers": brokers,
        "group.id": group,
        # Kafka keeps the offset of a group, as a hint where to begin; without one: at the beginning
        "auto.offset.reset": "earliest",
        "enable.auto.offset.store": False,
        "isolation.level": "read_committed",
    }
)
consumer.subscribe([topic])
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
try:
    while True:
        message = consumer.poll(1.0)
        if message is None:
            continue
        if message.error():
            print(message.error(), file=sys.stderr, flush=True)
            continue
        handle(json.loads(message.value()))
        consumer.store_offsets(message)
finally:
    consumer.close()
