import pytest

from vos_reference.adapters.memory import MemoryStore
from vos_reference.application.ports import Store
from vos_reference.testing.store_contract import StoreKontrakt


class TestMemory(StoreKontrakt):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()

    @pytest.fixture
    def andet_store(self) -> Store:
        return MemoryStore()
