"""The ports of the application: the store and the broker.

The docstrings are the contract; `vos_reference.testing` checks it for every adapter. Import the names from here, not from
the modules of the package.
"""

from vos_reference.application.ports.broker import (
    Broker,
    BrokerWake,
    EventLetter,
)
from vos_reference.application.ports.events import (
    EventEnvelope,
    EventTransaction,
)
from vos_reference.application.ports.messages import (
    Envelope,
    MessageTransaction,
    Owner,
    WsrmSequence,
)
from vos_reference.application.ports.runs import (
    JobCounts,
    Run,
    RunTransaction,
    Status,
)
from vos_reference.application.ports.transaction import (
    CprLookup,
    Store,
    StoreRecorded,
    StoreUnavailable,
    Transaction,
)
from vos_reference.application.ports.webhooks import (
    DeadLetter,
    Dispatch,
    RecipientState,
    SubscriberSystem,
    Subscription,
    WebhookRecipient,
    WebhookTransaction,
    WsbEnvelope,
    address,
)

__all__ = [
    "Broker",
    "BrokerWake",
    "CprLookup",
    "DeadLetter",
    "Dispatch",
    "Envelope",
    "EventEnvelope",
    "EventLetter",
    "EventTransaction",
    "JobCounts",
    "MessageTransaction",
    "Owner",
    "RecipientState",
    "Run",
    "RunTransaction",
    "Status",
    "Store",
    "StoreRecorded",
    "StoreUnavailable",
    "SubscriberSystem",
    "Subscription",
    "Transaction",
    "WebhookRecipient",
    "WebhookTransaction",
    "WsbEnvelope",
    "WsrmSequence",
    "address",
]
