"""One word for one thing, in all that staff read: what the program says, its help, and README."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_OF_SCHOOLS = re.compile(  # words that schools use in their own files and that the program reads, or invents a school with
    r"xlbangfu/(sample/|documents/importing/(\w*words|blocks|mark_cells|people/(people_headings|people_values|list_kinds|staff)))"
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The word that was chosen, and what is not said for the same thing; ``but`` are places where it is another thing."""

    word: str
    never: str
    but: str = "(?!)"
    files: tuple[str, ...] = field(default=())

    def broken_by(self, text: str) -> bool:
        return re.search(self.never, re.sub(self.but, "", text)) is not None


GLOSSARY = (
    Choice(word="总表", never="工作簿", but="共享工作簿|启用宏的工作簿"),  # menus of Excel
    Choice(
        word="教师",
        never="老师",
        but=r"[}张林]\s?老师|(问|与|诉|电话找)老师|老师的话|老师的帮助",  # to a teacher, and to parents
        files=(
            "xlbangfu/mail/mail_wording.py",  # to a teacher
            "xlbangfu/documents/slips/letter.py",  # to parents, as the next
            "xlbangfu/documents/slips/letter_sheet.py",
            "xlbangfu/documents/opinions/opinion_forms.py",
            "xlbangfu/documents/opinions/opinion_sheet.py",
        ),
    ),
    Choice(
        word="帮扶学生",
        never="学困学生|学困生|后进生|差生|待优生|潜能生",
        but="学困生帮扶|优秀学困生",  # the work's own name, and a prize's
        files=("xlbangfu/settings/parsers.py",),  # what no letter may hold
    ),
    Choice(word="打 √", never="打[勾钩]|勾选", but="^待打勾$|勾选(?=“| tcl|下方)"),  # a cell's name; menus of Windows
    Choice(word="年级后", never="(比他们?|比该生)低|平均位置", but="^平均位置$"),  # a cell's name
    Choice(word="大致范围", never="多半在|置信区间"),
    Choice(word="先找哪位教师", never="代价", but="^代价$|结对代价"),  # a column, a setting
    Choice(word="警告", never="处提醒"),
    Choice(word="催交", never="提醒邮件|催缴|催收"),
    Choice(word="做班级页", never="生成|制作", but="生成客户端专用密码"),  # what a mail provider says
    Choice(word="取回", never="恢复(?!之前$)|还原"),
    Choice(word="撤销上次", never="回退|回滚|撤回"),
    Choice(word="困难学科", never="薄弱学科|薄弱科目|弱科", but="薄弱学科线"),
    Choice(word="总分得分率", never="总得分率", but="总分得分率"),
    Choice(word="这次", never="本次"),
    Choice(
        word="上次", never="前一次|上一次", files=("xlbangfu/documents/slips/letter_words.py",)
    ),  # full words to parents
    Choice(word="基线考试", never="基线", but="基线(考试|名次|百分位|总分|得分率|组内名次)|无基线"),
    Choice(word="程序", never="本软件|本程序|本系统|该程序", files=("xlbangfu/documents/collect/identity.py",)),
    Choice(word="花括号", never="字段|占位符"),
    Choice(word="保存", never="存盘", but="存盘时间"),
    Choice(word="进步率", never="进步面", but="^进步面$"),
    Choice(word="名册", never="花名册"),
    Choice(word="点", never="点击|单击"),
    Choice(word="导入", never="读入|导进|录进"),
    Choice(
        word="您", never="你(?!的 IT)", files=("xlbangfu/documents/papers/award.py",)
    ),  # Windows says 你; to a pupil
    Choice(word="邮件", never="电邮|电子邮件|信箱"),
    Choice(word="校验码", never="(?i)sha-?256|哈希|散列|uuid"),
    Choice(word="班级页", never="工作页"),
    Choice(word="收回", never="收进来"),
    Choice(word="居中", never="中位"),
    Choice(word="让 Python 一直开着", never="常驻"),
    Choice(word="内部", never="(?i)xml|主键|数组|字典|句柄|线程|异常", but="线程批注|数组公式"),  # Excel's
)


def spoken(path: Path) -> Iterator[str]:
    """The texts with Chinese in a module, docstrings left out; what an f-string fills in is {}."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | remarks:
            yield node.value


def _all_texts() -> list[tuple[str, str]]:
    modules = sorted((ROOT / "xlbangfu").rglob("*.py"))
    found = [(path.relative_to(ROOT).as_posix(), text) for path in modules for text in spoken(path)]
    macros = [path for path in sorted((ROOT / "macros").iterdir()) if path.suffix in (".bas", ".js")]
    found += [
        (path.name, said) for path in macros for said in re.findall(r'"([^"]+)"', path.read_text(encoding="utf-8"))
    ]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("# For developers")[0]
    found += [("README.md", line) for line in readme.splitlines()]
    return [(where, text) for where, text in found if _CHINESE.search(text) and not _OF_SCHOOLS.match(where)]


TEXTS = _all_texts()


def test_the_program_has_much_to_say() -> None:
    assert len(TEXTS) > 5000
    assert {
        "README.md",
        "LaunchExcel.bas",
        "xlbangfu/schema.py",
        "xlbangfu/catalog.py",
        "xlbangfu/errors/messages.py",
    } <= dict(TEXTS).keys()


@pytest.mark.parametrize("choice", GLOSSARY, ids=lambda choice: choice.word)
def test_one_word_stands_for_one_thing(choice: Choice) -> None:
    assert [(where, text) for where, text in TEXTS if where not in choice.files and choice.broken_by(text)] == []


@pytest.mark.parametrize("choice", GLOSSARY, ids=lambda choice: choice.word)
def test_the_chosen_word_is_said(choice: Choice) -> None:
    assert any(choice.word in text for _, text in TEXTS)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("总表", "工作簿没有改动"),
        ("教师", "更合适的老师名额已满"),
        ("帮扶学生", "学困生没有填列入日期"),
        ("年级后", "年级里比他低的占 9.2%"),
        ("上次", "没有可比的前一次考试"),
        ("基线考试", "百分位比基线升"),
        ("打 √", "勾选的太多"),
        ("您", "你还没有保存"),
    ],
)
def test_another_word_for_it_would_be_seen(word: str, text: str) -> None:
    assert next(choice for choice in GLOSSARY if choice.word == word).broken_by(text)


def test_what_an_f_string_fills_in_hides_no_word(tmp_path: Path) -> None:
    module = tmp_path / "one.py"
    module.write_text(
        '"""工作簿"""\n\ndef say(name):\n    """工作簿"""\n    return f"{name}老师的工作簿", "老师"\n', encoding="utf-8"
    )

    assert sorted(spoken(module)) == sorted(["{}老师的工作簿", "老师"])
