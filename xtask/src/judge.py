"""Judges manifests by kubernetes-validate and prints one line for each file.

usage: judge.py KUBERNETES_VERSION FILE...

A line has four columns: the file, the SHA-256 of its bytes, `valid` or `invalid`, and either how
many objects were judged or what is said of the first that is refused.
Items of a list are judged one by one; kinds without a schema, as custom ones are, are counted.
"""

import hashlib
import sys
from pathlib import Path

import yaml
from kubernetes_validate import utils


def objects(document):
    """The document itself, or the items of a list."""
    if isinstance(document, dict) and document.get("kind") == "List":
        for item in document.get("items") or []:
            yield from objects(item)
    else:
        yield document


def verdict(text, version):
    try:
        documents = [document for document in yaml.safe_load_all(text) if document is not None]
    except yaml.YAMLError as error:
        return "invalid", f"no YAML: {getattr(error, 'problem', error)}"
    known = unknown = 0
    for document in documents:
        for item in objects(document):
            try:
                utils.validate(item, version, strict=True)
                known += 1
            except utils.SchemaNotFoundError:
                unknown += 1
            except utils.ValidationError as error:
                path = ".".join(str(part) for part in error.path)
                return "invalid", f"{path or 'the object'}: {error.message}"
            except (KeyError, TypeError) as error:
                return "invalid", f"no object: {error}"
    return "valid", f"{known} judged, {unknown} without a schema"


def main():
    version, *files = sys.argv[1:]
    for file in files:
        content = Path(file).read_bytes()
        word, reason = verdict(content.decode(), version)
        reason = " ".join(reason.split())[:100].rstrip()
        print(file, hashlib.sha256(content).hexdigest(), word, reason, sep="\t")


main()
