"""The mailbox that 设置 names, with its 授权码 from the keyring."""

from __future__ import annotations

from xlbangfu.mail.outlet import CannotSend
from xlbangfu.mail.presets import Server, server_of
from xlbangfu.mail.secrets import code_of, keep
from xlbangfu.mail.smtp import Mailbox, SmtpOutlet
from xlbangfu.settings import Settings


def mailbox_of(settings: Settings) -> Mailbox:
    """Ready to send. Raises CannotSend with what is missing."""
    address, server = address_and_server(settings)
    return Mailbox(address=address, auth_code=code_of(address), server=server)


def try_and_keep(address: str, auth_code: str, server: Server) -> None:
    """Log in once, and put the 授权码 into the keyring when the server took it. Raises CannotSend; then nothing is kept."""
    outlet = SmtpOutlet(Mailbox(address=address, auth_code=auth_code, server=server))
    outlet.check()
    outlet.close()
    keep(address, auth_code)


def address_and_server(settings: Settings) -> tuple[str, Server]:
    """Whose mailbox on which server. Raises CannotSend."""
    if not settings.mail_address:
        raise CannotSend("“设置”里没有填“发件邮箱”；填上学校寄信用的邮箱，再做一次。")
    server = server_of(settings.mail_address, settings.mail_server or "")
    if server is None:
        raise CannotSend(
            f"不知道“{settings.mail_address}”从哪个服务器寄；在“设置”填“发件服务器”，如 smtp.school.cn:465，问邮箱管理员。"
        )
    return settings.mail_address, server
