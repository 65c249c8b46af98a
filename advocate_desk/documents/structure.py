"""What a document is made of, for screen readers: a tagged tree beside the pages.

Source: ISO 32000-1, 14.7 (logical structure) and 14.8 (tagged PDF).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_GROUPS = {"LI": "L", "TR": "Table"}


@dataclass(slots=True, eq=False)
class Node:
    """One element: a paragraph, heading, list, row. `marks` are (page, number) of the content that belongs to it."""

    tag: str
    children: list[Node] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    reads_as: str = ""


@dataclass(slots=True)
class Structure:
    """Grows while pages are drawn, in reading order."""

    root: Node = field(default_factory=lambda: Node("Document"))
    _next: dict[int, int] = field(default_factory=dict)
    _known: dict[tuple[int, int], Node] = field(default_factory=dict)

    def add(self, tag: str, parent: Node | None = None, reads_as: str = "") -> Node:
        """A new element. List items and rows without a parent join the list or table before them, or start one."""
        node = Node(tag, reads_as=reads_as)
        holder = parent or self.root
        if parent is None and tag in _GROUPS:
            if not self.root.children or self.root.children[-1].tag != _GROUPS[tag]:
                self.root.children.append(Node(_GROUPS[tag]))
            holder = self.root.children[-1]
        holder.children.append(node)
        return node

    def part_of(self, content: object, parent: Node | None) -> Node | None:
        """The element that an earlier part of `content` (by identity) was drawn into: a paragraph over two pages."""
        return self._known.get((id(content), id(parent)))

    def remember(self, content: object, parent: Node | None, node: Node) -> None:
        """Say that `content` is `node`, for the parts that are still to be drawn."""
        self._known[id(content), id(parent)] = node

    def mark(self, node: Node, page: int) -> int:
        """The number of a new piece of `node`'s content on `page` (from 0)."""
        number = self._next.get(page, 0)
        self._next[page] = number + 1
        node.marks.append((page, number))
        return number

    def write(self, pdf: pikepdf.Pdf) -> None:
        """Put the tree into `pdf`, whose pages were drawn with the numbers that `mark` gave."""
        tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        owners: dict[tuple[int, int], pikepdf.Object] = {}
        tree.K = self._element(pdf, self.root, tree, owners)
        numbers = Array()
        for page, holder in enumerate(pdf.pages):
            holder.obj.StructParents = page
            holder.obj.Tabs = Name.S
            count = self._next.get(page, 0)
            numbers.append(page)
            numbers.append(Array([owners[page, number] for number in range(count)]))
        tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
        tree.ParentTreeNextKey = len(pdf.pages)
        pdf.Root.StructTreeRoot = tree
        pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(
        self, pdf: pikepdf.Pdf, node: Node, parent: pikepdf.Object, owners: dict[tuple[int, int], pikepdf.Object]
    ) -> pikepdf.Object:
        element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{node.tag}"), P=parent))
        kids = Array([self._element(pdf, child, element, owners) for child in node.children])
        for page, number in node.marks:
            kids.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[page].obj, MCID=number))
            owners[page, number] = element
        element.K = kids
        if node.reads_as:
            element.ActualText = String(node.reads_as)
        return element
