"""What the application needs of the world; each docstring is the contract that every adapter's tests inherit.

Import from here: which module of the package a name stands in is nobody else's business.
"""

from vos_reference.application.ports.broker import (
    Haendelsesbrev,
    Maegler,
    MaeglerVaek,
)
from vos_reference.application.ports.events import (
    EventTransaction,
    Haendelseskonvolut,
)
from vos_reference.application.ports.messages import (
    Ejer,
    Konvolut,
    MessageTransaction,
    Sekvens,
)
from vos_reference.application.ports.runs import (
    Jobtal,
    Koersel,
    RunTransaction,
    Status,
)
from vos_reference.application.ports.transaction import (
    CprOpslag,
    Store,
    StoreOptaget,
    StoreUtilgaengelig,
    Transaktion,
)
from vos_reference.application.ports.webhooks import (
    Abonnement,
    Doedbesked,
    Forsendelse,
    Modtagerstand,
    Subscribersystem,
    WebhookTransaction,
    Wsbkonvolut,
    Wsbmodtager,
    adresse,
)

__all__ = [
    "Abonnement",
    "CprOpslag",
    "Doedbesked",
    "Ejer",
    "EventTransaction",
    "Forsendelse",
    "Haendelsesbrev",
    "Haendelseskonvolut",
    "Jobtal",
    "Koersel",
    "Konvolut",
    "Maegler",
    "MaeglerVaek",
    "MessageTransaction",
    "Modtagerstand",
    "RunTransaction",
    "Sekvens",
    "Status",
    "Store",
    "StoreOptaget",
    "StoreUtilgaengelig",
    "Subscribersystem",
    "Transaktion",
    "WebhookTransaction",
    "Wsbkonvolut",
    "Wsbmodtager",
    "adresse",
]
