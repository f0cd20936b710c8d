"""What the application needs of the world; each docstring is the contract that every adapter's tests inherit.

Import from here: which module of the package a name stands in is nobody else's business.
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
