"""What the window does: choose a workbook, run one action at a time beside it, say what came out."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from tkinter import filedialog, messagebox
from types import TracebackType
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from xlbangfu import catalog
from xlbangfu.declarations import Action
from xlbangfu.errors import messages
from xlbangfu.window import first_book, mailbox, memory, showing, theme, workbook_jobs
from xlbangfu.window.ask_view import AskView
from xlbangfu.window.form_view import Field, FormView
from xlbangfu.window.job import Asked, Failed, Finished, Job, Moved, Talk
from xlbangfu.window.main_view import READY, MainView
from xlbangfu.window.plan_view import PlanView
from xlbangfu.window.widgets import Line

if TYPE_CHECKING:
    from xlbangfu.settings import Settings

TITLE = "帮扶窗口"
BOOKS = [("帮扶总表", "*.xlsm"), ("Excel 文件", "*.xlsm *.xlsx")]
IMPORTS = [("名册和成绩文件", "*.xlsx *.xls *.csv *.xlsm *.et *.ods *.txt"), ("所有文件", "*")]
WELCOME = "先在 Excel 或 WPS 里保存并关闭总表，再点上面的按钮；做了什么、下一步做什么，会写在这里。"
FIRST_TIME = "第一次用：点“新建…”，写学校名称、选名册，一直做到第一份班级页；学校已经有总表的，点“选择…”。"
BARS = 0.8  # inches of the screen that are not the window's: its title bar and the task bar
_LOOK_AGAIN = 60  # milliseconds between two looks at the work's messages


class App:
    """The window over a root. ``remembered`` is the file of what it remembers."""

    def __init__(self, root: tk.Tk, remembered: Path, book: Path | None = None) -> None:
        self.root = root
        self._file = remembered
        self._memory = memory.load(remembered)
        self._job: Job | None = None
        self._then: Callable[[Any], None] = self._done
        self._closing = False
        self._first_page = False  # the roster of a new workbook is being imported: its class pages come next
        root.withdraw()  # until it has its size and place
        root.title(TITLE)
        root.protocol("WM_DELETE_WINDOW", self.close)
        root.report_callback_exception = self._broke
        theme.dress(root)
        self.view = MainView(root, self._commands())
        self.view.pack(fill="both", expand=True)
        self._bind_keys()
        self._place()
        if book is not None:
            self._memory = self._memory.with_book(book)
        self._show()
        self._show_lines(("soft", WELCOME), *(self._offer() if self._memory.book else [("next", FIRST_TIME)]))
        if self._memory.book is None:
            root.after_idle(self._new)

    def _place(self) -> None:
        """Whole on the screen: title bar and task bar are left room, and the lines of results give way where it is short."""
        across = self.root.winfo_screenwidth()
        down = self.root.winfo_screenheight() - round(BARS * self.root.winfo_fpixels("1i"))
        self.view.fit(across)
        width, height = min(self.root.winfo_reqwidth(), across), min(self.root.winfo_reqheight(), down)
        # A size, else it would grow and shrink with its texts.
        self.root.geometry(f"{width}x{height}+{(across - width) // 2}+{(down - height) // 2}")
        self.root.minsize(width, height)
        self.root.deiconify()

    def _commands(self) -> dict[str, Callable[[], None]]:
        actions = {action.name: partial(self._act, action.name) for action in catalog.ACTIONS}
        return {
            **actions,
            workbook_jobs.IMPORT: self._import,
            "choose": self._choose,
            "new": self._new,
            "out": self._choose_out,
            "open_book": self._open_book,
            "open_out": lambda: self._open(self._memory.pages_folder),
            "mailbox": self._mailbox,
            "doctor": lambda: self._start("体检", partial(workbook_jobs.examine, self._memory.book), self._examined),
            "upgrade": self._upgrade,
            "county": self._county,
            "stop": self._stop,
        }

    def _bind_keys(self) -> None:
        keys = {"<Control-o>": "choose", "<Control-n>": "new", "<Escape>": "stop", "<F1>": "doctor"}
        for number, action in enumerate(catalog.ACTIONS[:9], start=1):
            keys[f"<Control-Key-{number}>"] = action.name
        for key, name in keys.items():
            self.root.bind(key, partial(self._press, name))

    def _press(self, name: str, _: object = None) -> None:
        self.view.buttons[name].invoke()

    def _choose(self) -> None:
        start = self._memory.book.parent if self._memory.book else Path.home()
        chosen = filedialog.askopenfilename(parent=self.root, title="选择总表", initialdir=start, filetypes=BOOKS)
        if chosen:
            self._take(Path(chosen))

    def _new(self) -> None:
        """What a school's first workbook needs; from there on to the first class pages."""
        asked = first_book.fields(date.today(), first_book.usual_place())
        browse = {first_book.PLACE: self._browse_place, first_book.ROSTER: self._browse_roster}
        lines = [replace(field, browse=browse.get(field.name)) for field in asked]
        self._form(first_book.TITLE, first_book.WORDS, lines, first_book.YES, first_book.fault_in, self._begin)

    def _form(
        self,
        title: str,
        words: str,
        fields: Sequence[Field],
        yes: str,
        check: Callable[[Mapping[str, str]], str],
        decided: Callable[[dict[str, str]], None],
    ) -> None:
        FormView(self.root, title, words, fields, yes, check=check, decided=decided)

    def _browse_place(self, now: str) -> str:
        return filedialog.asksaveasfilename(
            parent=self.root, title="总表放在哪里", initialfile=Path(now).name, initialdir=Path(now).parent,
            defaultextension=".xlsm", filetypes=BOOKS[:1], confirmoverwrite=False,
        )  # fmt: skip

    def _browse_roster(self, _: str) -> str:
        return filedialog.askopenfilename(parent=self.root, title="选名册文件", filetypes=IMPORTS)

    def _begin(self, values: dict[str, str]) -> None:
        roster = [Path(values[first_book.ROSTER])] if values[first_book.ROSTER] else []
        self._start("新建总表", partial(first_book.begin, values), partial(self._made, roster))

    def _mailbox(self) -> None:
        if book := self._memory.book:
            self._start("读取总表", partial(mailbox.read_settings, book), self._ask_mailbox)

    def _ask_mailbox(self, settings: Settings) -> None:
        fields = mailbox.fields(settings)
        self._show_lines(("plain", "请填发件邮箱和授权码。"))
        self._form(mailbox.TITLE, mailbox.WORDS, fields, mailbox.YES, mailbox.fault_in, self._log_in)

    def _log_in(self, values: dict[str, str]) -> None:
        if book := self._memory.book:
            self._start("登录邮箱", partial(mailbox.log_in, book, values), self._done)

    def _choose_out(self) -> None:
        folder = self._memory.pages_folder
        chosen = filedialog.askdirectory(
            parent=self.root, title="班级页放在哪里", initialdir=folder.parent if folder else None
        )
        if chosen:
            self._memory = self._memory.with_out(Path(chosen))
            memory.save(self._file, self._memory)
            self._show()

    def _take(self, book: Path) -> None:
        self._memory = self._memory.with_book(book)
        memory.save(self._file, self._memory)
        self._show()
        if offer := self._offer():
            self._show_lines(*offer)

    def _upgrade(self) -> None:
        if self._memory.book:
            self._start("升级总表", partial(workbook_jobs.upgrade, self._memory.book), self._done)

    def _offer(self) -> list[Line]:
        """What to say where another version of the program made the workbook."""
        offer = workbook_jobs.offer_of(self._memory.book) if self._memory.book else ""
        return [("next", offer)] if offer else []

    def _act(self, name: str, *, goes_through: bool = False) -> None:
        book, action = self._memory.book, catalog.BY_NAME[name]
        files = self._files_for(action) if book and action.files else []
        if book and (files or not action.files):
            memory.save(self._file, self._memory)
            out = self._memory.pages_folder if action.out == catalog.BY_NAME["pages"].out else None
            work = partial(workbook_jobs.run, name, book, out, files=files, goes_through=goes_through)
            self._start(action.label, work, self._done)

    def _files_for(self, action: Action) -> list[Path]:
        kinds = [(f"{action.label}能读的文件", " ".join(action.files)), ("所有文件", "*")]
        chosen = filedialog.askopenfilenames(
            parent=self.root,
            title=f"{action.label}：选文件（可以选几个）",
            initialdir=self._memory.pages_folder,
            filetypes=kinds,
        )
        return [Path(name) for name in chosen]

    def _import(self) -> None:
        book = self._memory.book
        if not book:
            return
        files = filedialog.askopenfilenames(
            parent=self.root, title="导入哪些文件（可以选几个）", initialdir=book.parent, filetypes=IMPORTS
        )
        if files:
            memory.save(self._file, self._memory)
            self._start("看文件", partial(workbook_jobs.plan, book, [Path(name) for name in files]), self._planned)

    def _planned(self, planned: workbook_jobs.Planned) -> None:
        self._show_lines(("plain", "请看清楚要写什么，再决定写不写。"))
        PlanView(self.root, planned, partial(self._decided, planned))

    def _decided(self, planned: workbook_jobs.Planned, yes: bool, chosen: dict[str, str]) -> None:
        if not yes:
            self._first_page = False
            self._show_lines(("plain", "没有导入，总表没有改动。"))
        elif chosen and planned.again:
            asked = {question.id for question in planned.questions}
            self._start("看文件", partial(planned.again, chosen), partial(self._planned_again, asked))
        else:
            self._start("导入", planned.write, self._imported)

    def _planned_again(self, asked: set[str], planned: workbook_jobs.Planned) -> None:
        """Write at once, unless the answers lead to new questions."""
        if any(question.id not in asked for question in planned.questions):
            self._planned(planned)
        else:
            self._start("导入", planned.write, self._imported)

    def _imported(self, outcome: Any) -> None:
        """The import told; after a new workbook's roster its first class pages follow at once."""
        self._done(outcome)
        if self._first_page and outcome is not None:
            self._first_page = False
            self._act("run", goes_through=True)  # who is at work is asked another time

    def _start(self, label: str, work: Callable[[Talk], Any], then: Callable[[Any], None]) -> None:
        """Run work beside the window; ``then`` is called with its answer."""
        if self._job is not None:
            return
        self._job, self._then = Job(work, self._memory.book), then
        self._show_lines(("plain", f"正在{label}……"))
        self.view.status.configure(text=f"{label}……")
        self._show()
        self._job.start()
        self.root.after(_LOOK_AGAIN, self._look)

    def _look(self) -> None:
        """Take what the work has sent; come back until it has ended."""
        for message in self._job.messages() if self._job else []:
            match message:
                case Moved(text, done):
                    self.view.status.configure(text=text)
                    self.view.bar.configure(value=done)
                case Asked(question, wants_text, reply):
                    reply(self._ask(question, wants_text=wants_text))
                case Finished(answer):
                    self._end()
                    self._then(answer)
                case Failed(sentence):
                    self._end()
                    self._show_lines(("bad", sentence))
        if self._job is not None:
            self.root.after(_LOOK_AGAIN, self._look)

    def _ask(self, question: str, *, wants_text: bool) -> bool | str | None:
        view = AskView(self.root, TITLE, question, wants_text=wants_text)
        self.root.wait_window(view)
        return view.answer

    def _end(self) -> None:
        self._job = None
        self.view.bar.configure(value=0)
        self.view.status.configure(text=READY)
        self._show()
        if self._closing:
            self.root.destroy()

    def _done(self, outcome: Any) -> None:
        if outcome is None:
            self._show_lines(("plain", "没有做，总表没有改动。"))
            return
        if outcome.presses:  # the window asks for files before it starts an action
            self._press(outcome.presses)
            return
        mood = "bad" if outcome.errors else "good"
        last = [("soft", f"用时 {outcome.seconds} 秒。")]
        details = [("plain", line) for line in outcome.details]
        following = [("next", f"下一步：{outcome.next_step}")] if outcome.next_step else []
        steps = [*following, *self._offer()]
        self._show_lines((mood, outcome.sentence), *steps, *details, *last)

    def _made(self, roster: Sequence[Path], book: Path) -> None:
        self._take(book)
        if not roster:
            self._show_lines(("good", f"总表“{book}”准备好了。"), ("next", "下一步：点“导入”，选名册和成绩文件。"))
            return
        self._first_page = True
        self._start("看名册", partial(workbook_jobs.plan, book, list(roster)), self._planned)

    def _examined(self, found: list[str]) -> None:
        moods = {"×": "bad", "!": "next"}
        self._show_lines(*((moods.get(line[:1], "plain"), line) for line in (found[-1], *found[:-1])))

    def _county(self) -> None:
        """A bureau's work: it needs no workbook."""
        came = filedialog.askdirectory(parent=self.root, title="各校的上报文件放在哪个文件夹", mustexist=True)
        out = came and filedialog.asksaveasfilename(
            parent=self.root, title="汇总放在哪里", initialfile="汇总.xlsx", initialdir=Path(came).parent,
            defaultextension=".xlsx", filetypes=[("汇总", "*.xlsx")],
        )  # fmt: skip
        if out:
            work = partial(workbook_jobs.gather_returns, Path(came), Path(out))
            self._start(catalog.TOOL_LABELS["county"], work, self._opened)

    def _open_book(self) -> None:
        if self._memory.book:
            self._start("打开总表", partial(workbook_jobs.open_book, self._memory.book), self._opened)

    def _opened(self, lines: list[str]) -> None:
        self._show_lines(("good", lines[0]), *(("plain", line) for line in lines[1:]), *self._offer())

    def _open(self, path: Path | None) -> None:
        if path is not None and not showing.show(path):
            self._show_lines(("bad", f"打不开“{path}”；还没有做出来，或者没有能打开它的程序。"))

    def _stop(self) -> None:
        if self._job is not None:
            self.view.status.configure(text="正在停止……")
            self._job.stop()

    def close(self) -> None:
        """Close at once, or, while something runs, after asking and at a moment when the workbook is whole."""
        if self._job is None:
            self.root.destroy()
        elif messagebox.askyesno(
            TITLE, "还在运行。停下来并关闭窗口吗？\n总表要么没有改动，要么已经写好。", parent=self.root
        ):
            self._closing = True
            self._stop()
            if self._job is None:
                self.root.destroy()

    def _broke(self, _: type[BaseException], problem: BaseException, __: TracebackType | None) -> None:
        self._show_lines(("bad", messages.sentence_of(problem)))

    def _show_lines(self, *lines: Line) -> None:
        if not self._closing:
            self.view.result.show(lines)

    def _show(self) -> None:
        """Everything that depends on the workbook and on whether something runs."""
        if self._closing:
            return
        self.view.book.show(self._memory.book, "还没有选，请点“选择…”或“新建…”")
        self.view.out.show(self._memory.pages_folder, "")
        self.view.enable(busy=self._job is not None, book=self._memory.book is not None)
