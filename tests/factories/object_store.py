"""An object store that speaks S3, in a process of its own on this machine."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import boto3

from tests.faults.servers import free_port, listens, wait_until

KEY, SECRET, REGION = "khoa", "bi-mat", "vn-1"


@contextmanager
def object_store(*buckets: str) -> Iterator[dict[str, str]]:
    """Its settings, as the environment gives them; the first bucket is named in them."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: listens(port), 60, "the object store does not start")
        found = {
            "OBJECT_STORAGE_BUCKET": buckets[0],
            "OBJECT_STORAGE_URL": f"http://127.0.0.1:{port}",
            "OBJECT_STORAGE_REGION": REGION,
            "OBJECT_STORAGE_KEY": KEY,
            "OBJECT_STORAGE_SECRET": SECRET,
        }
        for bucket in buckets:
            client(found).create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        yield found
    finally:
        server.terminate()
        server.wait()


def client(found: dict[str, str]) -> "boto3.client":
    """For looking into the store from outside of the product."""
    return boto3.client(
        "s3", endpoint_url=found["OBJECT_STORAGE_URL"], region_name=REGION,
        aws_access_key_id=KEY, aws_secret_access_key=SECRET,
    )  # fmt: skip


def names(found: dict[str, str], bucket: str = "") -> list[str]:
    """Everything that lies in a bucket."""
    listed = client(found).list_objects_v2(Bucket=bucket or found["OBJECT_STORAGE_BUCKET"])
    return sorted(entry["Key"] for entry in listed.get("Contents", []))
