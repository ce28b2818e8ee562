import threading

from core import bounded
from core.bounded import ask_all


def test_what_answers_and_what_breaks_are_told_apart():
    answers = ask_all({"a": lambda: 7, "b": lambda: 1 / 0}, seconds=10)
    assert answers["a"].value == 7
    assert answers["a"].error is None
    assert isinstance(answers["b"].error, ZeroDivisionError)


def test_what_hangs_holds_up_nobody_and_is_asked_once():
    may_end, asked = threading.Event(), []

    def hang():
        asked.append(True)
        may_end.wait(30)
        return "late"

    for _ in range(3):
        answers = ask_all({"hanging": hang, "quick": lambda: "here"}, seconds=0.05)
        assert isinstance(answers["hanging"].error, TimeoutError)
        assert answers["quick"].value == "here"
    assert len(asked) == 1
    may_end.set()


def test_who_asks_while_another_does_gets_the_same_answer(monkeypatch):
    waiting, may_end, answers, join = threading.Semaphore(0), threading.Event(), [], bounded._Asking.join

    def noted(asking, timeout=None):
        waiting.release()
        join(asking, timeout)

    def slow():
        may_end.wait(30)
        return object()

    monkeypatch.setattr(bounded._Asking, "join", noted)
    askers = [
        threading.Thread(target=lambda: answers.append(ask_all({"slow": slow}, seconds=30)["slow"]))
        for _ in range(2)
    ]
    for asker in askers:
        asker.start()
        waiting.acquire(timeout=30)
    may_end.set()
    for asker in askers:
        asker.join()
    assert answers[0].value is answers[1].value
    assert answers[0].error is None
