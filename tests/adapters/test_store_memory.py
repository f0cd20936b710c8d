import pytest

from vos_reference.adapters.memory import MemoryStore
from vos_reference.adapters.storekontrakt import StoreKontrakt
from vos_reference.application.ports import Store


class TestMemory(StoreKontrakt):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()

    @pytest.fixture
    def andet_store(self) -> Store:
        return MemoryStore()
