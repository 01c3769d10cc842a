"""All that a run of the laboratory carries from month to month."""

from dataclasses import dataclass, field, replace

from loopbaan.lab import outlook
from loopbaan.lab.behaviour import Behaviour
from loopbaan.lab.events import Log
from loopbaan.lab.histories import Histories
from loopbaan.lab.journeys import Delays
from loopbaan.lab.line import Line
from loopbaan.lab.outlook import Change
from loopbaan.lab.population import Population
from loopbaan.lab.rights import Asking
from loopbaan.lab.take_up import Rates
from loopbaan.lab.wishes import Queue
from loopbaan.law.rulebook import Rulebook


@dataclass(slots=True)
class World:
    """One run under way.

    `waiting` are orders without a place that wait on; `contested` those refused wrongly, by the
    month in which they are decided again; `carried` the places left to this month.
    """

    population: Population
    behaviour: Behaviour
    rulebook: Rulebook
    seed: int
    reading: str
    rates: Rates
    asking: Asking
    spread: Delays
    changes: tuple[Change, ...]
    reference_cents: int
    histories: Histories
    queue: Queue
    log: Log = field(default_factory=Log)
    waiting: Line | None = None
    contested: dict[int, list[Line]] = field(default_factory=dict)
    carried: int = 0

    def under(self, rulebook: Rulebook, reading: str) -> "World":
        """Return this world as it stands, going on under another law; both can be played on.

        Only true if nothing that was played so far would have been otherwise under that law.
        """
        return replace(
            self,
            rulebook=rulebook,
            reading=reading,
            changes=outlook.changes(rulebook, reading),
            histories=self.histories.copy(),
            queue=self.queue.copy(),
            log=self.log.copy(),
            contested={month: list(lines) for month, lines in self.contested.items()},
        )
