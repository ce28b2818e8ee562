"""One conversation as a person's page shows it."""

from functools import cached_property

from accounts.models import User, UserBlock
from community.messaging.exceptions import MessageRefused
from community.messaging.rules import check_may_write, check_not_waiting
from community.messaging.showing import Shown
from community.models import Conversation, DirectMessage, Participant

PAGE_SIZE = 40
_LARGEST_NUMBER = 2**31 - 1


def number_in(text: str | None) -> int | None:
    """The number that an address names; None where it names none."""
    is_number = text is not None and text.isascii() and text.isdecimal() and len(text) <= 10
    return min(int(text), _LARGEST_NUMBER) if is_number else None


class Chat:
    """A page of messages, oldest at the top: the newest ones, those before a number, after one, or around one."""

    def __init__(self, mine: Participant, parameters):
        self.mine = mine
        self.viewer: User = mine.user
        self.other: User = mine.other
        self.conversation: Conversation = mine.conversation
        self.before = number_in(parameters.get("before"))
        self.after = number_in(parameters.get("after"))
        self.at = number_in(parameters.get("at"))

    @cached_property
    def _messages(self) -> list[DirectMessage]:
        messages = self.conversation.messages.with_page_data()
        if self.after is not None:
            return list(messages.filter(number__gt=self.after).order_by("number")[:PAGE_SIZE])
        end = self.before
        if self.at is not None:
            end = self.at + PAGE_SIZE // 2
        if end is not None:
            messages = messages.filter(number__lt=end)
        return list(messages.newest_first()[:PAGE_SIZE])[::-1]

    @cached_property
    def items(self) -> list[Shown]:
        seen = self.seen_number
        return [Shown(message, self.viewer, message.number <= seen) for message in self._messages]

    @cached_property
    def theirs(self) -> Participant:
        return Participant.objects.get(conversation=self.conversation, user=self.other)

    @property
    def seen_number(self) -> int:
        """Up to which number the other one is known to have read: nobody learns who looked at their request."""
        return self.theirs.last_read_number if self.theirs.is_open else 0

    @property
    def older(self) -> int | None:
        """What the address of the page before carries; None at the beginning."""
        first = self._messages[0].number if self._messages else 0
        return first if first > 1 else None

    @property
    def newer(self) -> int | None:
        """The last number here, where there are later ones."""
        return self.last_number if self.last_number < self.conversation.last_number else None

    @property
    def last_number(self) -> int:
        return self._messages[-1].number if self._messages else self.after or 0

    @property
    def is_newest(self) -> bool:
        return self.newer is None

    @cached_property
    def first_unread(self) -> int | None:
        """The message above which a line says what is new."""
        known = self.mine.last_read_number
        unread = (item for item in self._messages if item.number > known and item.sender_id != self.viewer.pk)
        return next((item.number for item in unread), None) if known else None

    @cached_property
    def has_blocked(self) -> bool:
        return UserBlock.objects.filter(blocker=self.viewer, blocked=self.other).exists()

    @cached_property
    def refusal(self) -> str:
        """Why nothing can be written here now; empty where something can."""
        try:
            check_may_write(self.viewer, self.other)
            check_not_waiting(self.conversation, self.viewer, self.theirs)
        except MessageRefused as error:
            return str(error)
        return ""
