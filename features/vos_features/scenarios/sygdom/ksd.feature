# language: da
@tilsagn_ksd_raskmelding
Egenskab: KSD indberetter sygdom og raskmelding via IllnessRecoveryInformationService
  Ved raskmelding fra KSD foretager DFDG fortsat de relevante KG-lukninger eller KG-skift.

  @test_batch_raskmelding @test_6_raskmelding_kg24
  Abstrakt Scenario: KSD raskmelder KG 24 pr. <dag>, og gruppen lukker <lukker>
    Givet en borger på 40 år
    Når KSD indberetter sygdom fra beskæftigelse pr. i dag
    Så læser jobcentret kontaktgruppe 24 som aktuel
    Når KSD raskmelder sagen pr. <dag>
    Så er registreringen modtaget
    Når der går <dage> dage
    Så læser jobcentret ingen aktuel kontaktgruppe
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start              | slut             | aktuel | registreret af |
      | 24   | for <dage> dage siden | <slut>        | ja     | kommunen       |
      | 24   | for <dage> dage siden |               | nej    | kommunen       |

    Eksempler:
      | dag        | lukker               | dage | slut             |
      | i dag      | med det samme        | 2    | for 2 dage siden |
      | om 2 dage  | i natkørslen         | 2    | i dag            |

  @test_6_raskmelding_kg24 @ac10_jobcenter_alle
  Scenarie: Ved raskmelding af KG 24 lukkes gruppen, og jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Når KSD indberetter sygdom fra beskæftigelse pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 24 som aktuel
    Når KSD raskmelder sagen pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start | slut  | aktuel | registreret af |
      | 24   | i dag | i dag | ja     | kommunen       |
      | 24   | i dag |       | nej    | kommunen       |
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 24   |      | KSD            |
      | GetContactGroupVersion5 | 24   | ja   | KSD            |
      | GetContactGroupVersion4 | 24   |      | KSD            |
      | GetContactGroupVersion4 | 24   | ja   | KSD            |
    Men har a-kassen ingen beskeder
    Og har et andet jobcenter ingen beskeder

  @test_6_raskmelding_kg24
  Scenarie: Raskmelding af KG 24 vender ikke tilbage til den gruppe, borgeren kom fra
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når KSD indberetter sygdom fra beskæftigelse pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så læser jobcentret ingen aktuel kontaktgruppe

  @test_7_raskmelding_kg25 @ac10_akasse_kg25_skifter @ac10_jobcenter_alle @test_2_kg_wsrm_v5 @test_2_indhold
  Scenarie: Ved raskmelding af KG 25 vender borgeren tilbage til sin gruppe og tilmeldekategori, og begge parter får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Og KSD indberetter sygdom fra ledighed pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 25 som aktuel
    Og læser a-kassen kontaktgruppe 25 som aktuel
    Men har a-kassen ingen beskeder
    Når KSD raskmelder sagen pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 1    |      | a-kassen       |
      | GetContactGroupVersion5 | 1    | ja   | KSD            |
      | GetContactGroupVersion5 | 25   |      | KSD            |
      | GetContactGroupVersion5 | 25   | ja   | KSD            |
      | GetContactGroupVersion5 | 1    |      | KSD            |
      | GetContactGroupVersion4 | 1    |      | a-kassen       |
      | GetContactGroupVersion4 | 1    | ja   | KSD            |
      | GetContactGroupVersion4 | 25   |      | KSD            |
      | GetContactGroupVersion4 | 25   | ja   | KSD            |
      | GetContactGroupVersion4 | 1    |      | KSD            |
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | KSD            |
    Men har en anden a-kasse ingen beskeder
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4316
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 100029

  @test_7_raskmelding_kg25
  Scenarie: Den, der ikke var tilmeldt, vender tilbage uden at blive det og beholder sin personkategori
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Så læser jobcentret kontaktgruppe 25 som aktuel
    Og læser jobcentret personkategori 5 som aktuel
    Når KSD raskmelder sagen pr. i dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Og læser jobcentret personkategori 5 som aktuel
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget

  @test_7_raskmelding_kg25
  Scenarie: En raskmelding tilbage i tiden virker straks og fra sin egen dag
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1 fra for 30 dage siden
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når KSD indberetter sygdom fra ledighed pr. for 6 dage siden
    Og KSD raskmelder sagen pr. for 2 dage siden
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start             | slut              | aktuel | registreret af |
      | 1    | for 2 dage siden  |                   | ja     | kommunen       |
      | 25   | for 6 dage siden  | for 2 dage siden  | ja     | kommunen       |
      | 25   | for 6 dage siden  |                   | nej    | kommunen       |
      | 1    | for 30 dage siden | for 6 dage siden  | ja     | kommunen       |
      | 1    | for 30 dage siden |                   | nej    | opsætningen    |

  Abstrakt Scenario: <rolle> kan ikke indberette sygdom fra <fra> som KSD: <kode>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Når <rolle> indberetter sygdom fra <fra> pr. i dag
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder

    Eksempler:
      | rolle      | fra          | kode |
      | a-kassen   | ledighed     | 4575 |
      | jobcentret | beskæftigelse | 4575 |

  Scenarie: Sygdom fra ledighed kræver en åben kontaktgruppe
    Givet en borger på 40 år
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Så bliver kaldet afvist med fejlkode 4686
    Og læser jobcentret ingen aktuel kontaktgruppe

  Abstrakt Scenario: Sygdom fra <fra> kan ikke indberettes på en borger i kontaktgruppe <gruppe> med fravær <fravaer>: <kode>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe <gruppe>
    Og borgeren har et åbent fravær af type <fravaer>
    Når KSD indberetter sygdom fra <fra> pr. i dag
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret kontaktgruppe <gruppe> som aktuel

    Eksempler:
      | fra           | gruppe | fravaer | kode |
      | beskæftigelse | 25     | 10      | 8096 |
      | ledighed      | 4      | 2       | 4645 |

  @test_7_raskmelding_kg25
  Scenarie: Et sygefravær, der bliver til en sag, husker gruppe og tilmelding, og begge dele er forbi ved raskmelding
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når a-kassen sygemelder borgeren fra i dag
    Og KSD indberetter sygdom fra ledighed pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 25 som aktuel
    Når KSD raskmelder sagen pr. i dag
    Så læser jobcentret kontaktgruppe 1 som aktuel
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4316
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 100029

  @test_7_raskmelding_kg25
  Scenarie: Den, der har skiftet gruppe, siden sygefraværet begyndte, vender tilbage til den nye uden at blive tilmeldt
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når jobcentret sygemelder borgeren fra i dag
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Og KSD indberetter sygdom fra ledighed pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så læser jobcentret kontaktgruppe 13 som aktuel
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Så er registreringen modtaget

  @test_7_raskmelding_kg25
  Scenarie: Den tilmeldte, der i 2024-3 var skiftet til jobafklaring via PRS, vender tilbage til den og til tilmeldingen
    Givet udgaven er 2024-3
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når jobcentret registrerer kontaktgruppe 13 via PRS
    Og KSD indberetter sygdom fra ledighed pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så læser jobcentret kontaktgruppe 13 som aktuel
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4316

  Scenarie: Den samme borger kan ikke være syg i to sager
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og KSD indberetter sygdom fra beskæftigelse pr. i dag
    Så bliver kaldet afvist med fejlkode 4645
    Og læser jobcentret kontaktgruppe 25 som aktuel

  Scenarie: En raskmelding før sygdommens første dag afvises
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og KSD raskmelder sagen pr. i går
    Så bliver kaldet afvist med fejlkode 4636
    Og læser jobcentret kontaktgruppe 25 som aktuel

  Scenarie: En sag kan kun raskmeldes én gang
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så bliver kaldet afvist med fejlkode 4632
    Og læser jobcentret kontaktgruppe 4 som aktuel
