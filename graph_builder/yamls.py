"""YAML as text with positions: nothing is guessed from how a value looks, and nothing that could surprise is let in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import yaml

from graph_builder.faults import Fault

try:
    from yaml import CBaseLoader as Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

__all__ = ["Loader", "Text"]
LARGEST = 256 * 1024
"""Bytes that a record may have at most."""
DEEPEST = 20
"""Levels of nesting that a record may have at most."""
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
TAB = re.compile(r"^ *\t", re.MULTILINE)
SPECIAL = re.compile("[&*!]")
"""Marks without which a text has no anchor, alias or tag."""
INDENTED = re.compile(r"^ {40}", re.MULTILINE)


def may_be_deep(content: str) -> bool:
    """Whether a text has enough brackets, dashes or indentation to be nested deeply."""
    return sum(content.count(mark) for mark in ("[", "{", "- -", "? ")) > 50 or bool(INDENTED.search(content))


class Text:
    """One YAML file: its text, its root node and the faults met on the way."""

    def __init__(self, path: Path, shown: str | None = None) -> None:
        self.path, self.shown = path, shown or str(path)
        self.faults: list[Fault] = []
        self.content = self._decode(path.read_bytes())
        self.root = None if self.faults else self._compose()

    def fault(self, node: yaml.Node | None, message: str) -> None:
        """Notes a fault at the node's place (the file's start without one)."""
        mark = node.start_mark if node is not None else None
        self.at(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, message)

    def at(self, line: int, column: int, message: str) -> None:
        """Notes a fault at a line and column, both from 1."""
        self.faults.append(Fault(self.shown, line, column, message))

    def items(self, node: yaml.Node, what: str) -> Iterator[tuple[str, yaml.ScalarNode, yaml.Node]]:
        """Key, key node and value node of a mapping; a repeated key or another kind of node is a fault."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what}: expected `key: value` lines")
            return
        seen: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, f"{what}: a key must be plain text")
            elif key.value in seen:
                self.fault(key, f"`{key.value}` stands here a second time (first on line {seen[key.value]}); keep one")
            else:
                seen[key.value] = key.start_mark.line + 1
                yield key.value, key, value

    def scalar(self, node: yaml.Node, what: str) -> str | None:
        """The text of a scalar node that holds one."""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"{what}: expected one value, not a list or a block")
            return None
        if not node.value.strip():
            self.fault(node, f"{what}: empty; leave the key out where the value is unknown")
            return None
        return str(node.value)

    def sequence(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        """The nodes of a sequence; a lone scalar counts as a sequence of one."""
        if isinstance(node, yaml.SequenceNode):
            if not node.value:
                self.fault(node, f"{what}: an empty list; leave the key out where the value is unknown")
            return list(node.value)
        if isinstance(node, yaml.ScalarNode):
            return [node]
        self.fault(node, f"{what}: expected a list")
        return []

    def _decode(self, raw: bytes) -> str:
        if len(raw) > LARGEST:
            self.at(1, 1, f"{len(raw):,} bytes: a record has at most {LARGEST:,}")
            return ""
        try:
            content = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            before = raw[: error.start]
            self.at(before.count(b"\n") + 1, error.start - before.rfind(b"\n"), "not UTF-8; save the file as UTF-8")
            return ""
        self._check_characters(content)
        return content

    def _check_characters(self, content: str) -> None:
        for found in FORBIDDEN.finditer(content):
            self._at_offset(content, found.start(), f"invisible or control character U+{ord(found[0]):04X}; delete it")
        if not unicodedata.is_normalized("NFC", content):
            for number, line in enumerate(content.split("\n"), 1):
                if (column := _denormal(line)) is not None:
                    self.at(number, column + 1, "not in Unicode form NFC; retype the accented letter as one character")
        for found in TAB.finditer(content):
            self._at_offset(content, found.end() - 1, "a tab; indent with spaces")
        if may_be_deep(content):
            self._check_depth(content)

    def _check_depth(self, content: str) -> None:
        """Counts nesting on the event stream: composing a deep text would overflow the parser's stack."""
        depth = 0
        try:
            for event in yaml.parse(content, Loader=Loader):
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if depth > DEEPEST:
                    mark = event.start_mark or yaml.Mark("", 0, 0, 0, None, 0)
                    return self.at(mark.line + 1, mark.column + 1, f"nested deeper than {DEEPEST} levels")
        except yaml.YAMLError:
            pass  # composing says where
        return None

    def _at_offset(self, content: str, offset: int, message: str) -> None:
        self.at(content.count("\n", 0, offset) + 1, offset - content.rfind("\n", 0, offset), message)

    def _compose(self) -> yaml.Node | None:
        try:
            root = yaml.compose(self.content, Loader=Loader)
        except yaml.MarkedYAMLError as error:
            unended = "end of stream" in (error.problem or "")
            mark = (unended and error.context_mark) or error.problem_mark or error.context_mark
            what = ", ".join(part for part in (error.context, error.problem) if part)
            self.at(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, f"not YAML: {what}")
            return None
        except (yaml.YAMLError, RecursionError) as error:
            self.at(1, 1, f"not YAML: {str(error).splitlines()[0]}")
            return None
        if root is None:
            self.at(1, 1, "the file is empty")
            return None
        return root if not self.faults and self._plain(root) else None

    def _plain(self, root: yaml.Node) -> bool:
        """True where no node stands in two places (an anchor) and none has a tag of its own."""
        if not SPECIAL.search(self.content):
            return True
        seen: set[int] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                self.fault(node, "an anchor (&name) and its alias (*name) are not allowed; write the value out")
                return False
            seen.add(id(node))
            if not node.tag.startswith(("tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")):
                self.fault(node, f"the tag `{node.tag}` is not allowed; write plain values")
                return False
            if isinstance(node, yaml.MappingNode):
                stack.extend(part for pair in node.value for part in pair)
            elif isinstance(node, yaml.SequenceNode):
                stack.extend(node.value)
        return True


def _denormal(line: str) -> int | None:
    """Index of the first character of a line that NFC would change."""
    normal = unicodedata.normalize("NFC", line)
    if normal == line:
        return None
    return next((i for i, (a, b) in enumerate(zip(line, normal, strict=False)) if a != b), min(len(line), len(normal)))
