"""C01 to C32, each a function of the facts. None passes without evidence; what only a person can know says where to state it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from samaran.report import keeping, masking, people, rights
from samaran.report.control import Control, Status
from samaran.report.facts import Facts

__all__ = ["RULES", "controls"]

RULES: Mapping[str, Callable[[Facts], Control]] = {
    "C01": rights.consent,
    "C02": rights.scope,
    "C03": rights.withdrawal,
    "C04": rights.access,
    "C05": rights.destruction,
    "C06": keeping.seals,
    "C07": rights.breaches,
    "C08": rights.assessment,
    "C09": rights.record,
    "C10": keeping.apart,
    "C11": keeping.replacements,
    "C12": keeping.log,
    "C13": keeping.access,
    "C14": keeping.two_persons,
    "C15": masking.reviewed,
    "C16": masking.residue,
    "C17": masking.singling_out,
    "C18": masking.acquaintances,
    "C19": masking.places,
    "C20": masking.third_persons,
    "C21": masking.minors,
    "C22": people.legal_risk,
    "C23": people.adverse_events,
    "C24": masking.verbatim,
    "C25": masking.media,
    "C26": masking.minimization,
    "C27": masking.proportion,
    "C28": keeping.approval,
    "C29": keeping.team,
    "C30": people.benefit,
    "C31": people.deposit,
    "C32": keeping.drift,
}


def controls(facts: Facts) -> tuple[Control, ...]:
    """All 32 in order, each with the entries of the log that show what it says."""
    return tuple(_shown(rule(facts), facts.proofs) for rule in RULES.values())


def _shown(row: Control, proofs: Mapping[str, tuple[int, ...]]) -> Control:
    return row if row.status is Status.NOT_CHECKED else replace(row, entries=proofs.get(row.id, ()))
