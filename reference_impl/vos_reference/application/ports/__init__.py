"""The ports of the application: the store and the broker.

The docstrings are the contract; `vos_reference.testing` checks it for every adapter. Import the names from here, not from
the modules of the package.
"""

from vos_reference.application.ports.broker import (
    Broker,
    BrokerUnavailable,
    OutboxEvent,
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
    BatchRun,
    JobCounts,
    RunStatus,
    RunTransaction,
)
from vos_reference.application.ports.transaction import (
    AlreadyStored,
    CprLookup,
    Store,
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
    "AlreadyStored",
    "BatchRun",
    "Broker",
    "BrokerUnavailable",
    "CprLookup",
    "DeadLetter",
    "Dispatch",
    "Envelope",
    "EventEnvelope",
    "EventTransaction",
    "JobCounts",
    "MessageTransaction",
    "OutboxEvent",
    "Owner",
    "RecipientState",
    "RunStatus",
    "RunTransaction",
    "Store",
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
