"""A word of the sandbox, signed as it signs them."""

import json
import time
import uuid

from commerce.gateways.sandbox import SIGNATURE_HEADER, sign
from commerce.models import SandboxCharge


def signed(charge_id: uuid.UUID) -> dict:
    """That the charge was cancelled."""
    charge = SandboxCharge.objects.get(charge_id=charge_id)
    said = {
        "id": str(charge_id),
        "reference": charge.reference,
        "status": "cancelled",
        "amount": charge.amount,
        "currency": charge.currency,
        "message": "",
    }
    body = json.dumps({"id": str(uuid.uuid4()), "kind": "charge.cancelled", "charge": said}).encode()
    return {"raw": body, "headers": {SIGNATURE_HEADER: sign(body, int(time.time()))}}
