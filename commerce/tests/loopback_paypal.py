"""PayPal on this machine: tokens, orders, captures, refunds and the check of webhooks, as its documentation says."""

import base64
import uuid

from commerce.tests.loopback import Loopback, Refused

CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID = "client-of-this-run", "secret-of-this-run", "WH-OF-THIS-RUN"


def _problem(issue: str, status: int = 422) -> Refused:
    name = "UNPROCESSABLE_ENTITY" if status == 422 else issue
    return Refused(status, {"name": name, "details": [{"issue": issue}], "debug_id": "1"})


class PayPal(Loopback):
    def __init__(self):
        self.orders: dict[str, dict] = {}
        self.refunds: dict[str, dict] = {}
        self.answers: dict[str, object] = {}
        self.tokens: set[str] = set()
        self.declines: str = ""
        self.captures_wait = False
        self.refund_status = "COMPLETED"
        self.signed = "good"
        super().__init__()

    def fails(self, path: str) -> bool:
        return not path.endswith("/oauth2/token")

    def handle(self, method, path, query, headers, body):
        if path == "/v1/oauth2/token":
            return self._token(headers)
        if headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            raise Refused(401, {"name": "AUTHENTICATION_FAILURE"})
        key = headers.get("PayPal-Request-Id")
        if key and key in self.answers:
            return self._fresh(self.answers[key])
        answer = self._do(method, path.strip("/").split("/"), body)
        if key:
            self.answers[key] = answer
        return answer

    def approve(self, order_id: str) -> None:
        """The buyer logs in and confirms."""
        self.orders[order_id]["status"] = "APPROVED"

    def _fresh(self, answer: dict) -> dict:
        """The same request again brings what became of the thing since."""
        return self.orders.get(answer["id"]) or self.refunds.get(answer["id"]) or answer

    def _token(self, headers):
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if headers.get("Authorization") != f"Basic {expected}":
            raise Refused(401, {"error": "invalid_client"})
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return {"access_token": token, "token_type": "Bearer", "expires_in": 32400}

    def _do(self, method, parts, body):
        match (method, *parts):
            case ("POST", "v2", "checkout", "orders"):
                return self._create(body)
            case ("GET", "v2", "checkout", "orders", order_id):
                return self._find(self.orders, order_id)
            case ("POST", "v2", "checkout", "orders", order_id, "capture"):
                return self._capture(self._find(self.orders, order_id))
            case ("POST", "v2", "payments", "captures", capture_id, "refund"):
                return self._refund(capture_id, body)
            case ("GET", "v2", "payments", "refunds", refund_id):
                return self._find(self.refunds, refund_id)
            case ("POST", "v1", "notifications", "verify-webhook-signature"):
                is_ours = body["transmission_sig"] == self.signed and body["webhook_id"] == WEBHOOK_ID
                return {"verification_status": "SUCCESS" if is_ours else "FAILURE"}
        raise Refused(404, {"name": "RESOURCE_NOT_FOUND"})

    def _find(self, things, thing_id):
        if thing_id not in things:
            raise Refused(404, {"name": "RESOURCE_NOT_FOUND"})
        return things[thing_id]

    def _create(self, body):
        order_id = uuid.uuid4().hex[:17].upper()
        context = body["payment_source"]["paypal"]["experience_context"]
        order = {
            "id": order_id,
            "intent": body["intent"],
            "status": "PAYER_ACTION_REQUIRED",
            "purchase_units": body["purchase_units"],
            "payment_source": {"paypal": {"email_address": "payer@private.example"}},
            "links": [
                {"rel": "self", "href": f"{self.url}/v2/checkout/orders/{order_id}"},
                {"rel": "payer-action", "href": f"{self.url}/checkoutnow?token={order_id}"},
            ],
            "return_url": context["return_url"],
        }
        self.orders[order_id] = order
        return order

    def _capture(self, order):
        unit = order["purchase_units"][0]
        if unit.get("payments"):
            raise _problem("ORDER_ALREADY_CAPTURED")
        if order["status"] != "APPROVED":
            raise _problem("ORDER_NOT_APPROVED")
        if self.declines:
            raise _problem(self.declines)
        fee = "1.14"
        capture = {
            "id": uuid.uuid4().hex[:17].upper(),
            "status": "PENDING" if self.captures_wait else "COMPLETED",
            "amount": unit["amount"],
            "custom_id": unit["custom_id"],
            "seller_receivable_breakdown": {
                "gross_amount": unit["amount"],
                "paypal_fee": {"currency_code": unit["amount"]["currency_code"], "value": fee},
            },
            "supplementary_data": {"related_ids": {"order_id": order["id"]}},
        }
        unit["payments"] = {"captures": [capture]}
        order["status"] = "COMPLETED"
        return order

    def capture_of(self, order_id: str) -> dict:
        return self.orders[order_id]["purchase_units"][0]["payments"]["captures"][0]

    def _refund(self, capture_id, body):
        capture = next(
            (
                capture
                for order in self.orders.values()
                for capture in (order["purchase_units"][0].get("payments") or {}).get("captures", [])
                if capture["id"] == capture_id
            ),
            None,
        )
        if capture is None:
            raise Refused(404, {"name": "RESOURCE_NOT_FOUND"})
        sent = sum(float(refund["amount"]["value"]) for refund in self.refunds.values())
        if sent + float(body["amount"]["value"]) > float(capture["amount"]["value"]):
            raise _problem("REFUND_AMOUNT_EXCEEDED")
        refund = {
            "id": uuid.uuid4().hex[:17].upper(),
            "status": self.refund_status,
            "amount": body["amount"],
            "custom_id": body["custom_id"],
            "links": [{"rel": "up", "href": f"{self.url}/v2/payments/captures/{capture_id}"}],
        }
        self.refunds[refund["id"]] = refund
        return refund
