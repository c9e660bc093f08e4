"""SMTP: one login a batch, TLS with the certificate checked, and the truth about what became of each mail.

Up to the dot that ends a mail the server cannot have taken it: whatever goes wrong before is safe to try again. Once the
dot is on its way only 250 says that the mail was taken, 4xx and 5xx that it was not; with any other answer, or none,
nobody knows: that mail is 待确认 and never sent again by itself.
"""

from __future__ import annotations

import binascii
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from xlbangfu.mail.ledger import FAILED, SENT, UNKNOWN, Entry
from xlbangfu.mail.outlet import LATER, STOP, CannotSend, Result
from xlbangfu.mail.presets import MB, SSL, Server
from xlbangfu.mail.replies import UNREADABLE, Conversation, PlainStart, TlsStart

_TIMEOUT = 60.0  # seconds for any one answer
_MOST_TRIES = 3  # to reach a server that has never answered: it is the wrong one, or there is no network
_HELD_BACK = "寄出后没有等到服务器的明确回答，不知道收下没有；请在发件邮箱的“已发送”里看，或问收件人"
_NOT_ASCII = "授权码里有汉字、全角符号或看不见的字符，没有登录；请从邮箱网页版重新复制，只留字母和数字"
_ASKS_FOR_CODE = (530, 534, 535, 538)


class Mailbox(Struct, frozen=True, kw_only=True):
    """Whose mailbox, on which server, and its 授权码."""

    address: str
    auth_code: str
    server: Server

    def __repr__(self) -> str:
        return f"Mailbox({self.address})"  # the 授权码 stands in no log


class SmtpOutlet:
    """A connection that is opened when first needed and again after a drop."""

    def __init__(self, mailbox: Mailbox, *, timeout: float = _TIMEOUT, context: ssl.SSLContext | None = None) -> None:
        self._mailbox = mailbox
        self._timeout = timeout
        self._context = context or ssl.create_default_context()
        self._smtp: Conversation | None = None
        self._in_vain = 0  # connections that came to nothing
        self._reached = False  # whether the server ever let us in

    def check(self) -> None:
        """Connect and log in, as a trial. Raises CannotSend."""
        result = self._connected()
        if result is not None:
            raise CannotSend(result.answer)

    def deliver(self, entry: Entry, mail: bytes) -> Result:
        """Hand one mail to the server."""
        trouble = self._connected()
        if trouble is not None:
            return trouble
        assert self._smtp is not None
        if too_big := _over(self._smtp, len(mail)):
            return Result(FAILED, too_big)
        try:
            refused = self._announce(self._smtp, entry.address)
            if refused is None:
                self._pour(self._smtp, mail)
        except (OSError, smtplib.SMTPException) as problem:
            self._drop()
            return Result(LATER, f"连接断了（{_problem_text(problem)}），还没有寄出")
        except KeyboardInterrupt:
            self._drop()  # half a mail is on the wire: no goodbye
            raise
        return refused or self._end(self._smtp)

    def close(self) -> None:
        """Say goodbye."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
        self._drop()

    def _connected(self) -> Result | None:
        """None once connected and logged in, else why not."""
        if self._smtp is not None:
            return None
        server = self._mailbox.server
        if not self._mailbox.auth_code.isascii():
            return Result(STOP, _NOT_ASCII)
        try:
            self._smtp = self._open(server)
            self._smtp.login(self._mailbox.address, self._mailbox.auth_code)
        except smtplib.SMTPAuthenticationError as problem:
            self._drop()
            return self._refused_login(problem.smtp_code, _text(problem.smtp_error))
        except ssl.SSLCertVerificationError as problem:
            self._drop()
            why = problem.verify_message
            return Result(STOP, f"“{server.host}”的证书不可信（{why}），没有登录；请核对“发件服务器”，或请网管看证书")
        except smtplib.SMTPNotSupportedError:
            self._drop()
            return Result(STOP, f"“{server.host}:{server.port}”不支持加密登录，不在明文里送授权码；请核对“发件服务器”")
        except smtplib.SMTPResponseException as problem:
            self._drop()
            state = LATER if 400 <= problem.smtp_code < 500 else STOP
            return Result(state, f"服务器不接受连接：{_reply(problem.smtp_code, problem.smtp_error)}")
        except (OSError, smtplib.SMTPException, binascii.Error) as problem:  # the last: a challenge that is no base64
            self._drop()
            self._in_vain += 1
            state = LATER if self._reached or self._in_vain < _MOST_TRIES else STOP
            return Result(
                state, f"连不上“{server.host}:{server.port}”（{_problem_text(problem)}），请看看网络和“发件服务器”"
            )
        self._reached = True
        return None

    def _open(self, server: Server) -> Conversation:
        if server.security == SSL:
            return TlsStart(server.host, server.port, timeout=self._timeout, context=self._context)
        smtp = PlainStart(server.host, server.port, timeout=self._timeout)
        try:
            smtp.starttls(context=self._context)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _refused_login(self, reply_code: int, answer: str) -> Result:
        server = self._mailbox.server
        if reply_code < 500:
            return Result(LATER, f"暂时不让登录：{_reply(reply_code, answer)}")
        return Result(
            STOP,
            f"{server.name}不让“{self._mailbox.address}”登录（{reply_code}）：{server.code_help}；再在帮扶窗口点“发件邮箱”，或者运行 xlbangfu mail-login",
        )

    def _announce(self, smtp: smtplib.SMTP, address: str) -> Result | None:
        """MAIL, RCPT and DATA; None when the server waits for the mail."""
        commands: tuple[tuple[Callable[[], tuple[int, bytes]], str, tuple[int, ...]], ...] = (
            (lambda: smtp.mail(self._mailbox.address), STOP, (250,)),
            (lambda: smtp.rcpt(address), FAILED, (250, 251)),
            (lambda: smtp.docmd("data"), FAILED, (354,)),
        )
        for command, refusal, fine in commands:
            reply_code, answer = command()
            if reply_code not in fine:
                return self._answered(smtp, reply_code, answer, refusal)
        return None

    def _pour(self, smtp: Conversation, mail: bytes) -> None:
        """The mail without the dot that ends it; a line that begins with a dot gets a second one. Raises OutOfStep."""
        smtp.send(re.sub(rb"^\.", b"..", mail, flags=re.M))
        if not mail.endswith(b"\r\n"):
            smtp.send(b"\r\n")
        smtp.check_in_step()

    def _end(self, smtp: smtplib.SMTP) -> Result:
        """The dot: from here on only the server knows."""
        try:
            smtp.send(b".\r\n")
            reply_code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as problem:
            self._drop()
            return Result(UNKNOWN, f"{_HELD_BACK}（{_problem_text(problem)}）")
        if reply_code == 250:
            return Result(SENT, _reply(reply_code, answer))
        if reply_code < 400:
            self._drop()
            return Result(UNKNOWN, f"{_HELD_BACK}（{_reply(reply_code, answer)}）")
        return self._answered(smtp, reply_code, answer, FAILED)

    def _answered(self, smtp: smtplib.SMTP, reply_code: int, answer: bytes, refusal: str) -> Result:
        """A refusal: 4xx for now, 5xx for good."""
        reply = _reply(reply_code, answer)
        if reply_code == 421:
            self._drop()
            return Result(LATER, f"服务器要断开：{reply}")
        if reply_code < 400:
            self._drop()
            return Result(LATER, f"服务器答非所问，还没有寄出：{reply}")
        if reply_code in _ASKS_FOR_CODE:
            self._drop()
            return self._refused_login(reply_code, _text(answer))
        with suppress(OSError, smtplib.SMTPException):
            smtp.rset()
        if smtp.sock is None:
            self._drop()
        if reply_code < 500:
            return Result(LATER, f"服务器暂时不收：{reply}")
        if refusal == STOP:
            return Result(STOP, f"服务器不让“{self._mailbox.address}”寄信：{reply}；请到邮箱网页版看看有没有被限制")
        return Result(FAILED, f"{_meaning(reply_code)}：{reply}")

    def _drop(self) -> None:
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.close()
        self._smtp = None


def _over(smtp: smtplib.SMTP, size: int) -> str:
    """A sentence where the mail is larger than the server says it takes (SIZE, 0 for no limit)."""
    most = smtp.esmtp_features.get("size", "")
    if re.fullmatch("[0-9]{1,18}", most) and 0 < int(most) < size:
        return f"邮件有 {size / MB:.1f} MB，超过服务器的上限 {int(most) / MB:.1f} MB"
    return ""


def _meaning(reply_code: int) -> str:
    if reply_code in (550, 551, 553):
        return "收件地址不对或对方不收，请在“教师”里核对邮箱"
    if reply_code == 552:
        return "邮件太大，或对方邮箱满了"
    if reply_code == 554:
        return "被当作垃圾邮件退回，请过一会儿再寄或换个发件邮箱"
    return "服务器拒收"


def _reply(reply_code: int, answer: bytes | str) -> str:
    return f"读不懂的回答“{_text(answer)}”" if reply_code == UNREADABLE else f"{reply_code} {_text(answer)}"


def _text(answer: bytes | str) -> str:
    """A server's words: UTF-8 or GBK, on one line."""
    if isinstance(answer, str):
        return " ".join(answer.split())[:300]
    try:
        text = answer.decode()
    except UnicodeDecodeError:
        text = answer.decode("gb18030", errors="replace")
    return " ".join(text.split())[:300]


def _problem_text(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "等得太久"
    return str(problem) or type(problem).__name__
