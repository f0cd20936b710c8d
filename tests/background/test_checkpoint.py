"""The store is kept up in a thread while the stage runs, also after a time when it could not be."""

from __future__ import annotations

import asyncio
import threading
from typing import cast

from vos_reference.application.ports import Store, StoreUtilgaengelig
from vos_reference.background.checkpoint import Checkpoint


class Optaget:
    """A store that cannot the first time."""

    def __init__(self) -> None:
        self.traade: list[threading.Thread] = []
        self.igen = threading.Event()

    def vedligehold(self) -> None:
        self.traade.append(threading.current_thread())
        if len(self.traade) == 1:
            raise StoreUtilgaengelig
        self.igen.set()


def test_der_vedligeholdes_i_en_traad_og_igen() -> None:
    store = Optaget()

    async def koer() -> None:
        virker = asyncio.ensure_future(Checkpoint(cast(Store, store), 0).run())
        assert await asyncio.to_thread(store.igen.wait, 30)
        virker.cancel()
        await asyncio.wait([virker], timeout=30)
        assert virker.cancelled()

    asyncio.run(koer())
    assert threading.main_thread() not in store.traade
