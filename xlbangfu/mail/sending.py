"""The loop that carries mails out: paced, patient with servers that are busy, and true to the ledger.

Order of writing: 发送中 in the ledger, then the mail, then what became of it. What the server did not take this time goes
to the end of the queue and everything pauses, longer each time; after ``PAUSES`` in a row the batch ends and can be
taken up again.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct, field

from xlbangfu.errors import Stopped
from xlbangfu.mail.ledger import FAILED, WAITING, Entry, Ledger
from xlbangfu.mail.message import redated
from xlbangfu.mail.outlet import LATER, STOP, Outlet

PAUSES = (5.0, 20.0, 60.0, 180.0)  # seconds, for refusals in a row
_LOOK = 2.0  # seconds of waiting after which is asked whether to go on
Progress = Callable[[str, float], None]


class Clock(Struct, frozen=True, kw_only=True):
    """What time it is, and how to wait."""

    now: Callable[[], datetime] = datetime.now
    seconds: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Sent(Struct, kw_only=True):
    """How a batch went: how many of each state, and the sentence with which it was stopped early, if it was."""

    states: dict[str, int] = field(default_factory=dict)
    stopped: str = ""

    def count(self, state: str) -> None:
        self.states[state] = self.states.get(state, 0) + 1


def send_all(
    ledger: Ledger,
    outlet: Outlet,
    entries: Sequence[Entry],
    read: Callable[[Entry], bytes | None],
    *,
    per_minute: int = 10,
    pauses: Sequence[float] = PAUSES,
    clock: Clock | None = None,
    progress: Progress = lambda _text, _done: None,
) -> Sent:
    """Hand over each mail once, in their order; ``read`` gives an entry's .eml, None if it is not what was previewed.

    The outlet is closed at the end. An entry that the ledger no longer lets out is passed over. Staff stop the batch between
    two mails, in the window (``progress`` raises Stopped) or by Ctrl+C; one that is just being handed over is 待确认.
    """
    clock = clock or Clock()
    sent, queue = Sent(), deque(entries)
    in_a_row, next_start, done, said = 0, clock.seconds(), 0, "寄信"
    try:
        while queue and not sent.stopped:
            _wait(next_start - clock.seconds(), clock, partial(progress, said, done / len(entries)))
            next_start = clock.seconds() + 60 / per_minute
            entry = queue.popleft()
            progress(said := f"寄给{entry.whose} {entry.recipient}", done / len(entries))
            state, answer = _hand_over(ledger, outlet, entry, read, clock)
            if state == LATER and in_a_row < len(pauses):
                queue.append(entry)
                next_start = max(next_start, clock.seconds() + pauses[in_a_row])
                progress(said := f"{answer}；{pauses[in_a_row]:g} 秒后再试", done / len(entries))
                in_a_row += 1
                continue
            in_a_row, done = 0, done + 1
            sent.count(WAITING if state in (LATER, STOP) else state)
            if state in (LATER, STOP):
                sent.stopped = answer
                for _ in queue:
                    sent.count(WAITING)
    except (KeyboardInterrupt, Stopped):
        _interrupted(ledger, entries, sent, clock)
    finally:
        outlet.close()
    return sent


def _wait(seconds: float, clock: Clock, look: Callable[[], None]) -> None:
    """Wait, and look now and then whether staff want to stop."""
    while seconds > _LOOK:
        clock.sleep(_LOOK)
        seconds -= _LOOK
        look()
    clock.sleep(max(0.0, seconds))


def _interrupted(ledger: Ledger, entries: Sequence[Entry], sent: Sent, clock: Clock) -> None:
    sent.stopped = "按您的要求停下了"
    ledger.recover(clock.now())
    keys = {entry.key for entry in entries}
    sent.states = dict(Counter(entry.state for entry in ledger.entries() if entry.key in keys))


def _hand_over(
    ledger: Ledger, outlet: Outlet, entry: Entry, read: Callable[[Entry], bytes | None], clock: Clock
) -> tuple[str, str]:
    mail = read(entry)
    if mail is None:
        answer = "邮件文件在预览之后改过或不见了，没有寄；预览时另选过文件夹的要选同一个，不然请再点一次“预览邮件”"
        ledger.finish(entry.key, FAILED, answer, clock.now())
        return FAILED, answer
    if not ledger.begin(entry.key, clock.now()):
        return "不必寄", ""
    result = outlet.deliver(entry, redated(mail, clock.now()))
    ledger.finish(entry.key, result.kept, result.answer, clock.now())
    return result.state, result.answer
