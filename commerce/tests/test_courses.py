"""Courses for money: ordered, paid, opened, given back; and what a course has not got."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from blog.actions import courses as teaching
from blog.actions import enrollments
from blog.courses.access import access_of
from blog.exceptions import CourseRefused
from blog.models import Course, CourseEnrollment
from blog.tests.factories import CourseFactory
from commerce.actions import refunds
from commerce.actions.course_ordering import order_course
from commerce.actions.order_payments import cancel_order, pay_again
from commerce.actions.payments import fail_payment, settle
from commerce.actions.telling import tell_of
from commerce.dashboard.courses import taught_by
from commerce.documents import credit_note_for, invoice_for
from commerce.documents.invoices import invoice_data
from commerce.exceptions import CheckoutChanged, PaymentNotPossible
from commerce.ledger import balance_of
from commerce.models import Order, Payment, Purchase, Refund, Transaction
from commerce.refunding.evidence import evidence_of
from commerce.tests.factories import BILLING, coupon_of, received, shown, started_payment, tax_of
from commerce.tests.refunding import money_at_provider
from commerce.tests.test_auditing import audit
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db):
    return CourseFactory(published=True, title="Rig a lamp", price=Decimal("29.00"), instructor__creator=True)


@pytest.fixture
def buyer(db):
    return UserFactory()


def order_for(buyer, course, *, coupon=None, key=None, seen=None) -> Order:
    return order_course(
        buyer=buyer,
        course=course,
        checkout_key=key or uuid.uuid4(),
        shown=seen or shown(course, coupon=coupon),
        billing=BILLING,
        method="card",
        coupon_code=coupon.code if coupon else "",
    )


def bought(buyer, course, **options) -> Purchase:
    order = order_for(buyer, course, **options)
    if order.total:
        payment = started_payment(order)
        settle(payment, received(payment))
        money_at_provider(order)
    return Purchase.objects.get(transaction__order=order)


def opens(buyer, course) -> bool:
    return access_of(buyer, course).may_open(course.lessons.first())


# Ordering


def test_who_cannot_buy_a_course_is_told_why_and_nothing_is_ordered(course, buyer):
    taker, draft = UserFactory(), CourseFactory(price=Decimal("5.00"))
    CourseEnrollment.objects.create(course=course, user=taker)
    bought(buyer, course)
    gone = CourseFactory(published=True, price=Decimal("5.00"), instructor__is_active=False)
    for person, what in (
        (course.instructor, course),
        (taker, course),
        (buyer, course),
        (taker, draft),
        (taker, gone),
    ):
        with pytest.raises(CheckoutChanged):
            order_for(person, what)
    assert Order.objects.count() == 1


def test_a_price_that_changed_is_confirmed_first(course, buyer):
    seen = shown(course)
    Course.objects.filter(pk=course.pk).update(price=Decimal("39.00"))
    with pytest.raises(CheckoutChanged, match=r"costs \$39.00 now"):
        order_for(buyer, course, seen=seen)
    assert not Order.objects.exists()


def test_the_same_key_gives_the_same_order_to_its_buyer_alone(course, buyer):
    key = uuid.uuid4()
    first = order_for(buyer, course, key=key)
    assert order_for(buyer, course, key=key) == first
    with pytest.raises(PaymentNotPossible):
        order_for(UserFactory(), course, key=key)


def test_a_second_checkout_gives_the_first_one_up(course, buyer):
    first, second = order_for(buyer, course), order_for(buyer, course)
    first.refresh_from_db()
    assert (first.status, second.status) == (Order.Status.CANCELLED, Order.Status.PENDING)


def test_a_paid_course_opens_and_everybody_gets_their_part(course, buyer):
    tax_of("21")
    purchase = bought(buyer, course)
    line = purchase.transaction
    assert (line.thing, line.model, line.license_name) == (course, None, "Course")
    assert (line.amount, line.tax_amount) == (Decimal("29.00"), Decimal("6.09"))
    assert line.amount == line.platform_fee + line.seller_amount
    assert balance_of(course.instructor).on_hold == line.seller_amount
    assert opens(buyer, course)
    course.refresh_from_db()
    course.instructor.refresh_from_db()
    buyer.refresh_from_db()
    assert (course.enrolled_count, course.instructor.total_sales, buyer.purchases_count) == (1, 1, 1)
    assert tell_of(line.order)
    assert OutgoingMail.objects.get(kind="commerce/receipt").text.count(course.get_absolute_url()) == 1
    assert OutgoingMail.objects.filter(kind="commerce/sale", recipient=course.instructor).exists()
    (printed,) = invoice_data(invoice_for(line.order))["lines"]
    assert printed["detail"] == f"by {course.instructor.display_name} · Course"
    assert (taught_by(course.instructor)[0].sales, taught_by(course.instructor)[0].revenue) == (
        1,
        Decimal("29.00"),
    )
    assert "enrollment" not in audit()


def test_a_coupon_takes_its_part_and_one_that_takes_all_completes_the_order_at_once(course, buyer):
    line = bought(buyer, course, coupon=coupon_of("50")).transaction
    assert (line.amount, line.discount_amount, line.coupon_code) == (
        Decimal("14.50"),
        Decimal("14.50"),
        "SPRING",
    )
    other = UserFactory()
    free = bought(other, course, coupon=coupon_of("100", "GIFT"))
    assert (free.transaction.order.status, free.transaction.amount) == (Order.Status.COMPLETED, 0)
    assert opens(other, course)
    assert not free.transaction.order.payments.exists()


def test_money_for_a_course_that_the_buyer_takes_by_then_is_sent_back(course, buyer):
    order = order_for(buyer, course)
    payment = started_payment(order)
    CourseEnrollment.objects.create(course=course, user=buyer)
    settle(payment, received(payment))
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.refund_due_amount) == (Order.Status.CANCELLED, order.total)
    assert not Purchase.objects.exists()


def test_a_failed_payment_is_tried_again_where_all_is_as_it_was(course, buyer):
    order = order_for(buyer, course)
    fail_payment(started_payment(order), "Declined.")
    order.refresh_from_db()
    again = pay_again(order, method="card")
    fail_payment(started_payment(order), "Declined.")
    Course.objects.filter(pk=course.pk).update(price=Decimal("39.00"))
    order.refresh_from_db()
    with pytest.raises(CheckoutChanged):
        pay_again(order, method="card")
    assert again.amount == order.total
    cancel_order(order)
    assert not opens(buyer, course)


@pytest.mark.django_db(transaction=True)
def test_many_submissions_at_once_buy_it_once():
    course = CourseFactory(published=True, price=Decimal("29.00"), instructor__creator=True)
    buyer, free = UserFactory(), coupon_of("100")

    def press(_):
        try:
            return order_for(buyer, course, coupon=free).status
        except (CheckoutChanged, PaymentNotPossible):
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == ["completed", "refused", "refused", "refused"]
    assert Purchase.objects.count() == CourseEnrollment.objects.count() == 1


# What was paid for, and what not


def test_nobody_takes_a_course_that_costs_something_for_nothing(course, buyer):
    with pytest.raises(CourseRefused):
        enrollments.enroll(course=course, user=buyer)
    assert not opens(buyer, course)


def test_who_took_it_when_it_was_free_keeps_it_and_who_paid_does_not_lose_it_by_leaving(course, buyer):
    taker = UserFactory()
    CourseEnrollment.objects.create(course=course, user=taker)
    assert opens(taker, course)
    bought(buyer, course)
    with pytest.raises(CourseRefused):
        enrollments.leave(course=course, user=buyer)
    assert opens(buyer, course)


def test_a_sold_course_is_not_deleted_even_where_nobody_takes_it_any_more(course, buyer):
    bought(buyer, course)
    enrollments.forget_all(user=buyer)
    with pytest.raises(CourseRefused):
        teaching.delete(course=course, by=course.instructor)


@pytest.mark.parametrize("table", [Transaction, Purchase])
def test_a_line_and_a_purchase_are_of_a_model_or_a_course_by_the_database(course, buyer, table):
    bought(buyer, course)
    with pytest.raises(IntegrityError, match="model_or_course"), transaction.atomic():
        table.objects.update(course=None)


def test_a_price_below_nothing_is_refused_by_the_database(course):
    with pytest.raises(IntegrityError, match="blog_course_price_not_negative"), transaction.atomic():
        Course.objects.update(price=-1)


# Going back


def test_what_was_never_opened_goes_back_at_once_and_the_course_closes(course, buyer):
    purchase = bought(buyer, course)
    asked = refunds.ask(purchase=purchase, by=buyer, reason=Refund.Reason.NOT_NEEDED)
    assert asked.status == Refund.Status.APPROVED
    assert not opens(buyer, course)
    refunds.send(asked.pk)
    purchase.refresh_from_db()
    assert purchase.revoked_at is not None
    assert balance_of(course.instructor).total == 0
    course.refresh_from_db()
    buyer.refresh_from_db()
    assert (course.enrolled_count, buyer.purchases_count) == (0, 0)
    assert credit_note_for(asked) is not None
    assert "enrollment" not in audit()
    again = bought(buyer, course)
    assert opens(buyer, course)
    assert again.pk != purchase.pk


def test_once_a_lesson_was_opened_the_seller_is_asked_and_the_course_stays_open_until_it_is_decided(
    course, buyer
):
    purchase = bought(buyer, course)
    enrollment, lesson = CourseEnrollment.objects.get(), course.lessons.get()
    enrollments.look_at(enrollment=enrollment, lesson=lesson)
    enrollments.finish(enrollment=enrollment, lesson=lesson)
    asked = refunds.ask(purchase=purchase, by=buyer, reason=Refund.Reason.QUALITY, text="Too short.")
    assert asked.awaits_seller
    assert opens(buyer, course)
    refunds.answer(refund=asked, by=course.instructor, amount=asked.gross)
    assert not opens(buyer, course)
    refunds.send(asked.pk)
    enrollment.refresh_from_db()
    assert enrollment.closed_at is not None
    assert enrollment.progress.filter(done_at__isnull=False).exists()


def test_a_part_that_goes_back_closes_nothing(course, buyer):
    purchase = bought(buyer, course)
    part = refunds.refund(
        transaction=purchase.transaction,
        amount=Decimal("5.00"),
        reason=Refund.Reason.GOODWILL,
        by=UserFactory(admin=True),
    )
    refunds.send(part.pk)
    assert opens(buyer, course)
    assert taught_by(course.instructor)[0].revenue == Decimal("24.00")


def test_the_bank_reads_what_was_learned(course, buyer):
    purchase = bought(buyer, course)
    enrollments.look_at(enrollment=CourseEnrollment.objects.get(), lesson=course.lessons.get())
    payment = Payment.objects.get(order=purchase.transaction.order)
    dispute = payment.disputes.model(payment=payment, amount=payment.amount, opened_at=timezone.now())
    facts = {fact["label"]: fact["value"] for fact in evidence_of(dispute)}
    assert facts["Bought the course: Rig a lamp"] == "$29.00"
    assert facts["Lessons done of Rig a lamp"].startswith("None (last opened")


# The pages


def test_a_course_is_bought_on_its_own_page(client, course, buyer):
    address = f"{course.get_absolute_url()}buy/"
    assert client.get(address).status_code == 302
    client.force_login(buyer)
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "I accept the terms." in text
    assert "Back to the course" in text
    said = {
        "checkout_key": str(uuid.uuid4()),
        "shown": page.context["form"]["shown"].value(),
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "country": "ES",
        "method": "card",
    }
    refused = client.post(address, said)
    assert refused.status_code == 422
    assert "Accept the terms" in refused.content.decode()
    answer = client.post(address, {**said, "terms": "on"})
    order = Order.objects.get()
    assert answer.status_code == 302
    assert client.post(address, {**said, "terms": "on"}).status_code == 302
    assert "1 course" in client.get(f"/checkout/pay/{order.public_id}/").content.decode()
    settle(order.latest_payment(), received(order.latest_payment()))
    receipt = client.get(order.get_absolute_url()).content.decode()
    assert "Thank you, it is paid" in receipt
    assert "your courses" in receipt
    assert "your library" not in receipt
    assert client.get(address).url == course.get_absolute_url()
    page = client.get(course.get_absolute_url()).content.decode()
    assert "0 of 1" in page
    assert "Your purchase" in page
    purchase = Purchase.objects.get()
    assert (
        "You have opened no lesson"
        in client.get(f"/dashboard/purchases/{purchase.public_id}/refund/").content.decode()
    )
    for part in ("certificate/", "review/"):
        assert client.get(f"/dashboard/purchases/{purchase.public_id}/{part}").status_code == 404
    assert client.post(f"/dashboard/purchases/{purchase.public_id}/downloads/").status_code == 404
    for path in ("/dashboard/purchases/", "/dashboard/"):
        assert client.get(path).status_code == 200
    client.force_login(course.instructor)
    for path in ("/dashboard/", "/dashboard/financials/", "/dashboard/financials/transactions/?q=rig"):
        assert "Rig a lamp" in client.get(path).content.decode()


def test_a_cancelled_order_leads_back_to_the_course(client, course, buyer):
    client.force_login(buyer)
    order = order_for(buyer, course)
    assert client.post(f"/checkout/pay/{order.public_id}/cancel/").url == course.get_absolute_url()
    assert "Go to the course" in client.get(order.get_absolute_url()).content.decode()


@pytest.mark.parametrize("amount", ["-1", "0.50", "10000.01", "NaN", "1e9", "29.999", "x"])
def test_a_price_that_cannot_be_is_refused_beside_its_field(client, course, amount):
    client.force_login(UserFactory(admin=True))
    said = {
        "title": course.title,
        "slug": course.slug,
        "teacher": course.instructor.username,
        "difficulty": "beginner",
        "description": "Joints.",
        "price": amount,
        "lessons-TOTAL_FORMS": "0",
        "lessons-INITIAL_FORMS": "0",
    }
    answer = client.post(f"/admin/blog/course/{course.pk}/change/", said)
    assert "price" in answer.context["adminform"].form.errors
    course.refresh_from_db()
    assert course.price == Decimal("29.00")


def test_who_sells_is_a_creator(client, course):
    client.force_login(UserFactory(admin=True))
    said = {
        "title": course.title,
        "slug": course.slug,
        "teacher": UserFactory(username="mira").username,
        "difficulty": "beginner",
        "description": "Joints.",
        "price": "19.00",
        "lessons-TOTAL_FORMS": "0",
        "lessons-INITIAL_FORMS": "0",
    }
    answer = client.post(f"/admin/blog/course/{course.pk}/change/", said)
    assert "creator" in str(answer.context["adminform"].form.errors["teacher"])
