"""A real SMTP server on loopback that takes mails, refuses them, or hangs up, as a test asks."""

import asyncio
import email
import socket
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller


class SmtpServer:
    """`mails` holds what was taken; the first `len(answers)` mails get those answers instead of being taken.

    An answer is a line such as "451 Later", or `SmtpServer.HANG_UP`, or `SmtpServer.SILENCE`.
    """

    HANG_UP = "hang up"
    SILENCE = "silence"

    def __init__(self):
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        # By address: what the server says to whoever wants to write there.
        self.refused: dict[str, str] = {}
        self.port = self.free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 Yes"

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 Taken"
        if answer == self.HANG_UP:
            server.transport.abort()
            return "421 Gone"
        if answer == self.SILENCE:
            await asyncio.sleep(2)
        if answer.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=default))
            self.recipients += envelope.rcpt_tos
        return answer

    @staticmethod
    def free_port() -> int:
        """A port that nobody listens at."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    @classmethod
    def serve(cls, settings) -> "SmtpServer":
        """Start one, to which the site sends while the fixture `settings` of this test holds."""
        server = cls()
        server.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        settings.EMAIL_TIMEOUT = 5
        return server

    def start(self):
        self.controller.start()

    def stop(self):
        self.controller.stop()
