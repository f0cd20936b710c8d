"""A neighbour service that is left out: 404 in the SOAP shape at its place, everything else as before."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from processer import scene_i_proces
from zeepvaerk import klient

from byggeklodser import NU, identitet
from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.scene import indlejret
from generalproeve.settings.configuration import read
from generalproeve.settings.stage import StageSettings
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model.neighbours import TJENESTER, Sygekilde, Sygemeld, Tilmeld
from vos_contracts.wire import soap
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.soap_skema import tjenester
from vos_simulators.control import Styring
from vos_simulators.parties import AKASSE
from vos_simulators.party import Aktoer
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import HttpTransport

UES, ICS, IRI = TJENESTER


@pytest.mark.parametrize("metode", ["GET", "POST"])
def test_den_udeladte_svarer_404_og_resten_virker(metode: str) -> None:
    with indlejret(StageSettings(port=0, control_port=0, clock=NU, without=(UES,))) as scene:
        sti = tjenester(scene.kontrakt)[UES].sti
        svar = httpx.request(metode, f"{scene.tjenester}{sti}?wsdl", trust_env=False)
        assert (svar.status_code, svar.headers["content-type"]) == (404, "text/xml; charset=utf-8")
        fault = soap.laes_svar(svar.content)
        assert isinstance(fault, soap.Fault)
        assert [fejl.kode for fejl in fault.fejl] == [1014]
        assert f"{UES} er udeladt af scenen" in fault.tekst
        with HttpTransport(scene.styring) as styring, HttpTransport(scene.tjenester) as transport:
            borger = Folk(seed=5).ny(40, NU.date())
            Styring(styring).opsaet(paa_scenen(borger, akasse=AKASSE))
            kommunen = Aktoer(identitet(), scene.kontrakt, transport, ny_uuid)
            afslag = kommunen.naboer.tilmelding(borger.cpr, Tilmeld(kategori=1, ledighedsgrad=1, dato=NU.date()))
            assert isinstance(afslag, Afslag)
            assert afslag.status == 404
            syg = Sygemeld(id=ny_uuid(), kilde=Sygekilde.FRAVAER, fra=NU.date())
            svar_ = kommunen.naboer.sygemeld(borger.cpr, syg)
            assert isinstance(svar_, Afslag)
            assert [fejl.kode for fejl in svar_.fejl] == [4686]  # the service answers: no group is open
        ukendt = httpx.get(f"{scene.tjenester}/PjakTassWCFtService/8/Findes.svc", trust_env=False)
        assert (ukendt.status_code, list(ukendt.json())) == (404, ["fejl"])
        assert klient(scene, "PersonRegistrationService", 9).service.CreateContactGroup


def test_alle_tre_kan_udelades_og_adresserne_siges_ikke(tmp_path: Path) -> None:
    flag = [del_ for navn in TJENESTER for del_ in ("--without", navn)]
    with scene_i_proces(*flag, mappe=tmp_path) as proces:
        assert not any(navn in adresse for navn in TJENESTER for adresse in proces.klar["addresses"])
        for navn in TJENESTER:
            sti = f"{8 if navn != ICS else 5}/{navn}.svc"
            svar = httpx.get(f"{proces.tjenester}/PjakTassWCFtService/{sti}?wsdl", trust_env=False)
            assert svar.status_code == 404


def test_filen_udelader_og_flaget_vinder(tmp_path: Path) -> None:
    (tmp_path / "generalproeve.toml").write_text(f'[stage]\nwithout = ["{ICS}"]\n', "utf-8")
    for flag, udeladt in (([], ICS), (["--without", IRI], IRI)):
        with scene_i_proces(*flag, "--people", "0", mappe=tmp_path) as proces:
            assert [navn for navn in TJENESTER if f"SOAP {navn}" not in proces.klar["addresses"]] == [udeladt]


@pytest.mark.parametrize(
    ("vaerdi", "tekst"),
    [
        ('["WsrmService"]', "stage.without: 'WsrmService' is no neighbour service; they are Unemployment"),
        ("[1]", "stage.without: 1 is no neighbour service"),
        ('"IllnessCompositeService"', "stage.without: must be a list of neighbour services"),
    ],
)
def test_et_forkert_navn_i_filen_navngives(tmp_path: Path, vaerdi: str, tekst: str) -> None:
    fil = tmp_path / "generalproeve.toml"
    fil.write_text(f"[stage]\nwithout = {vaerdi}\n", "utf-8")
    with pytest.raises(KanIkkeKoere) as fanget:
        _ = read(fil, {}).stage
    assert f"generalproeve.toml: {tekst}" in str(fanget.value)
