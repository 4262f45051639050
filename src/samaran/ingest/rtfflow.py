"""Paragraphs and tables of RTF in the making: marks end a paragraph, a cell, a row; what is open belongs to the next mark."""

from dataclasses import dataclass, field
from typing import Any

from samaran.model import Part


@dataclass(slots=True)
class Paragraph:
    """What stands between two paragraph marks."""

    shown: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    notes: list["Flow"] = field(default_factory=list)
    kept: bool = False
    inserted: bool = False


@dataclass(slots=True)
class Flow:
    """Paragraphs and tables that follow each other: the body, or a note. A table is a list of rows of cells of paragraphs."""

    part: Part
    blocks: list[Any] = field(default_factory=list)
    cell: list[Paragraph] = field(default_factory=list)
    row: list[list[Paragraph]] = field(default_factory=list)
    at: Paragraph = field(default_factory=Paragraph)

    def end_paragraph(self, *, in_table: bool) -> None:
        (self.cell if in_table or self.row else self.blocks).append(self.at)
        self.at = Paragraph()

    def end_cell(self) -> None:
        self.row.append([*self.cell, self.at])
        self.cell, self.at = [], Paragraph()

    def end_row(self) -> None:
        if self.row:
            if not (self.blocks and isinstance(self.blocks[-1], list)):
                self.blocks.append([])
            self.blocks[-1].append(self.row)
        self.row = []

    def close(self) -> None:
        if self.row or self.cell:
            self.end_cell()
            self.end_row()
        else:
            self.blocks.append(self.at)
            self.at = Paragraph()
