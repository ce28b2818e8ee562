"""BTCPay Server on this machine: invoices, their refunds by pull payments, and payouts, as its documentation says."""

import uuid

from commerce.tests.loopback import Loopback, Refused

API_KEY, STORE_ID, SECRET = "key-of-this-run", "StoreOfThisRun", "secret-of-this-run"
STORE = f"/api/v1/stores/{STORE_ID}"


class BTCPay(Loopback):
    def __init__(self):
        self.invoices: dict[str, dict] = {}
        self.pulls: dict[str, dict] = {}
        self.payouts: dict[str, list[dict]] = {}
        self.coins: dict[str, list[dict]] = {}
        super().__init__()

    def bring(self, invoice_id: str, status: str, more: str = "None", paid: str = "0") -> None:
        """What happens to an invoice when coins come, or do not."""
        self.invoices[invoice_id] |= {"status": status, "additionalStatus": more, "paidAmount": paid}

    def handle(self, method, path, query, headers, body):
        if headers.get("Authorization") != f"token {API_KEY}":
            raise Refused(401, {"code": "unauthenticated"})
        if path.startswith("/api/v1/pull-payments/"):
            return self._pull(path.removeprefix("/api/v1/pull-payments/").split("/"))
        if not path.startswith(STORE):
            raise Refused(404, {"code": "store-not-found"})
        match (method, *path.removeprefix(STORE).strip("/").split("/")):
            case ("POST", "invoices"):
                return self._create(body)
            case ("GET", "invoices"):
                wanted = query.get("orderId", [])
                return [one for one in self.invoices.values() if one["metadata"]["orderId"] in wanted]
            case ("GET", "invoices", invoice_id):
                return self._find(invoice_id)
            case ("GET", "invoices", invoice_id, "payment-methods"):
                self._find(invoice_id)
                return [{"paymentMethodId": "BTC-CHAIN", "payments": self.coins.get(invoice_id, [])}]
            case ("POST", "invoices", invoice_id, "status"):
                return self._mark(self._find(invoice_id), body["status"])
            case ("POST", "invoices", invoice_id, "refund"):
                return self._refund(self._find(invoice_id), body)
            case ("GET", "pull-payments"):
                return list(self.pulls.values())
        raise Refused(404, {"code": "not-found"})

    def _find(self, invoice_id):
        if invoice_id not in self.invoices:
            raise Refused(404, {"code": "invoice-not-found"})
        return self.invoices[invoice_id]

    def _create(self, body):
        invoice_id = uuid.uuid4().hex[:22]
        self.invoices[invoice_id] = {
            "id": invoice_id,
            "storeId": STORE_ID,
            "amount": body["amount"],
            "paidAmount": "0",
            "currency": body["currency"],
            "status": "New",
            "additionalStatus": "None",
            "metadata": body["metadata"],
            "checkout": body["checkout"],
            "checkoutLink": f"{self.url}/i/{invoice_id}",
        }
        return self.invoices[invoice_id]

    def _mark(self, invoice, status):
        if invoice["status"] != "New":
            raise Refused(422, [{"path": "status", "message": "Status can only be marked on new invoices."}])
        return invoice | {} if self.bring(invoice["id"], status, "Marked") else invoice

    def _refund(self, invoice, body):
        if invoice["status"] not in ("Settled", "Expired"):
            raise Refused(422, [{"path": "invoice", "message": "The invoice is not in a refundable state."}])
        pull_id = uuid.uuid4().hex[:20]
        self.pulls[pull_id] = {
            "id": pull_id,
            "name": body["name"],
            "amount": body["customAmount"],
            "currency": body["customCurrency"],
            "archived": False,
            "viewLink": f"{self.url}/pull-payments/{pull_id}",
        }
        return self.pulls[pull_id]

    def _pull(self, parts):
        if parts[0] not in self.pulls:
            raise Refused(404, {"code": "pullpayment-not-found"})
        return self.payouts.get(parts[0], []) if parts[1:] == ["payouts"] else self.pulls[parts[0]]
