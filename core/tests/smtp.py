"""A real SMTP server on loopback that takes mails, refuses them, or hangs up, as a test asks."""

import email
import socket
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller


class SmtpServer:
    """`mails` holds what was taken; the first `len(answers)` mails get those answers instead of being taken.

    An answer is a line such as "451 Later", or `SmtpServer.HANG_UP`.
    """

    HANG_UP = "hang up"

    def __init__(self):
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.port = self.free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 Taken"
        if answer == self.HANG_UP:
            server.transport.abort()
            return "421 Gone"
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

    def start(self):
        self.controller.start()

    def stop(self):
        self.controller.stop()
