# language: da
@ac11_raskmelding
Egenskab: Sygemelding og raskmelding via IllnessCompositeService
  Ved raskmelding via IllnessCompositeService med samtidig KG-skift slår dette igennem i DFDG.

  @ac02_kg_100029_sygemeld
  Abstrakt Scenario: Sagsbehandler sygemelder en dagpengemodtager og skifter derefter til jobafklaring i <udgave> via <kanal>
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Og jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 100029
    Når jobcentret sygemelder borgeren fra i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 13   |      | jobcentret     |

    Eksempler:
      | udgave | kanal |
      | 2024-3 | PVS   |
      | 2024-4 | PRS   |
      | 2024-4 | PVS   |
      | 2025-1 | PRS   |
      | 2025-1 | PVS   |

  Abstrakt Scenario: <rolle> sygemelder og raskmelder uden andet, og gruppen står: ingen får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når <rolle> sygemelder borgeren fra i dag
    Så er registreringen modtaget
    Når <rolle> raskmelder borgeren pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder
    Når a-kassen afmelder borgeren pr. i dag
    Så bliver kaldet afvist med fejlkode 4367

    Eksempler:
      | rolle      |
      | a-kassen   |
      | jobcentret |
      | kommunen   |
      | STAR       |

  @tilsagn_kgskift_historisk_raskmelding @test_5_raskmelding_composite @test_2_kg_wsrm_v5 @test_2_indhold
  Abstrakt Scenario: <rolle> raskmelder tilbage i tiden med KG-skift og tilmelding, og jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1 fra for 24 dage siden
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når <rolle> sygemelder borgeren fra i dag
    Og der går 6 dage
    Og <rolle> raskmelder borgeren pr. for 2 dage siden med tilmelding i kategori 2 og kontaktgruppe 2
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 2 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start             | slut             | aktuel | registreret af |
      | 2    | for 2 dage siden  |                  | ja     | <rolle>        |
      | 1    | for 30 dage siden | for 2 dage siden | ja     | <rolle>        |
      | 1    | for 30 dage siden |                  | nej    | opsætningen    |
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 1    | ja   | <rolle>        |
      | GetContactGroupVersion5   | 2    |      | <rolle>        |
      | GetContactGroupVersion4   | 1    | ja   | <rolle>        |
      | GetContactGroupVersion4   | 2    |      | <rolle>        |
      | GetPersonCategoryVersion1 | 8    |      | <rolle>        |
    Men har a-kassen ingen beskeder
    Når jobcentret tilmelder borgeren i tilmeldekategori 2
    Så bliver kaldet afvist med fejlkode 4316

    Eksempler:
      | rolle      |
      | a-kassen   |
      | jobcentret |
      | kommunen   |
      | STAR       |

  @test_5_raskmelding_composite
  Scenarie: En raskmelding med tilmelding giver tilmeldingens gruppe
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 8
    Når a-kassen sygemelder borgeren fra i dag
    Og der går 1 dag
    Og a-kassen raskmelder borgeren pr. i dag med tilmelding i kategori 1
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4316

  @ac10_akasse_kg25_lukker @test_5_raskmelding_composite
  Scenarie: A-kassen får besked, når KG 25 lukkes helt
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og jobcentret raskmelder borgeren pr. i dag og lukker kontaktgruppen
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | jobcentret     |
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 1    | ja   | KSD            |
      | GetContactGroupVersion5 | 25   |      | KSD            |
      | GetContactGroupVersion5 | 25   | ja   | jobcentret     |
      | GetContactGroupVersion4 | 1    | ja   | KSD            |
      | GetContactGroupVersion4 | 25   |      | KSD            |
      | GetContactGroupVersion4 | 25   | ja   | jobcentret     |
    Men har en anden a-kasse ingen beskeder

  @ac10_akasse_kg25_skifter @test_5_raskmelding_composite
  Abstrakt Scenario: A-kassen får besked, når KG 25 lukkes, fordi borgeren skifter til gruppe <gruppe>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og jobcentret raskmelder borgeren pr. i dag med kontaktgruppe <gruppe>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe <gruppe> som aktuel
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | jobcentret     |
    Men har en anden a-kasse ingen beskeder

    Eksempler:
      | gruppe |
      | 4      |
      | 7      |

  @ac10_akasse_kg25_skifter @ac10_akasse_kg13 @test_5_raskmelding_composite
  Scenarie: A-kassen får besked om begge dele, når et medlem går fra KG 25 til jobafklaring
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og jobcentret raskmelder borgeren pr. i dag med kontaktgruppe 13
    Så læser jobcentret kontaktgruppe 13 som aktuel
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | jobcentret     |
      | GetContactGroupVersion5 | 13   |      | jobcentret     |

  @test_5_raskmelding_composite
  Scenarie: I 2024-3 lukker en raskmelding også den gruppe, der skulle slutte senere
    Givet udgaven er 2024-3
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når jobcentret sygemelder borgeren fra i dag
    Og jobcentret afslutter kontaktgruppen om 5 dage via PRS
    Og jobcentret raskmelder borgeren pr. i dag og lukker kontaktgruppen
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel kontaktgruppe

  Abstrakt Scenario: En raskmelding, der ikke kan ske, afvises med <kode>: <grund>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Når jobcentret sygemelder borgeren fra i dag
    Og <rolle> raskmelder borgeren pr. <raskmelding>
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder

    Eksempler:
      | kode   | rolle              | raskmelding                                           | grund                       |
      | 4313   | jobcentret         | i dag med tilmelding i kategori 9                     | ukendt tilmeldekategori     |
      | 4636   | jobcentret         | i går                                                 | før sygdommens første dag   |
      | 4641   | jobcentret         | i dag med tilmelding i kategori 3                     | uddannelseshjælp over 30 år |
      | 4675   | jobcentret         | i dag med kontaktgruppe 9                             | ukendt kontaktgruppe        |
      | 6033   | jobcentret         | i dag med kontaktgruppe 12                            | gruppe for unge             |
      | 8096   | jobcentret         | i dag med kontaktgruppe 24                            | KSD's gruppe                |
      | 100029 | jobcentret         | i dag med tilmelding i kategori 1 og kontaktgruppe 13 | gruppen følger tilmeldingen |
      | 100029 | jobcentret         | i dag med tilmelding i kategori 1 og lukker kontaktgruppen | tilmeldingen holder gruppen åben |
      | 6005   | et andet jobcenter | i dag                                                 | ikke jobcentrets borger     |
      | 4575   | en anden a-kasse   | i dag                                                 | ikke a-kassens medlem       |

  Scenarie: Et fravær, som ingen kender, kan ikke raskmeldes
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 1
    Når jobcentret raskmelder borgeren af en sygdom, som ingen kender
    Så bliver kaldet afvist med fejlkode 4632

  Scenarie: En sygemelding kan ikke begynde før i dag; det, der ligger tilbage i tiden, kommer med raskmeldingen
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Når jobcentret sygemelder borgeren fra i går
    Så bliver kaldet afvist med fejlkode 4685
    Når jobcentret sygemelder borgeren fra i dag
    Så er registreringen modtaget

  Scenarie: Den, der er sygemeldt, kan ikke sygemeldes igen
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 1
    Når jobcentret sygemelder borgeren fra i dag
    Og jobcentret sygemelder borgeren fra i dag
    Så bliver kaldet afvist med fejlkode 4645

  Scenarie: Sygemelding kræver en åben kontaktgruppe
    Givet en borger på 40 år
    Når jobcentret sygemelder borgeren fra i dag
    Så bliver kaldet afvist med fejlkode 4686
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og jobcentret afslutter kontaktgruppen i dag via PVS
    Og jobcentret sygemelder borgeren fra i dag
    Så bliver kaldet afvist med fejlkode 4686

  Scenarie: En sygdom, der ikke er begyndt, kan ikke raskmeldes, slutte før den begynder eller meldes igen med samme id
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når jobcentret sygemelder borgeren fra i morgen til og med i dag
    Så bliver kaldet afvist med fejlkode 1003
    Når jobcentret sygemelder borgeren fra i morgen
    Så er registreringen modtaget
    Når jobcentret sygemelder borgeren igen med det samme id
    Så bliver kaldet afvist med fejlkode 4977
    Når jobcentret raskmelder borgeren pr. i dag
    Så bliver kaldet afvist med fejlkoderne 4632 og 4636
    Når jobcentret raskmelder borgeren pr. i morgen
    Så er registreringen modtaget

  Scenarie: Et sygefravær med en sidste dag er forbi dagen efter
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når a-kassen sygemelder borgeren fra i dag til og med i morgen
    Så er registreringen modtaget
    Når der går 1 dag
    Og jobcentret registrerer kontaktgruppe 4 via PVS
    Så er registreringen modtaget
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4750
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 4 som aktuel
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så er registreringen modtaget

  Scenarie: En raskmelding afslutter sygdommen og intet andet fravær
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Og borgeren har et åbent fravær af type 6
    Når jobcentret sygemelder borgeren fra i dag
    Og jobcentret raskmelder borgeren pr. i dag med kontaktgruppe 13
    Så bliver kaldet afvist med fejlkode 4645
    Når jobcentret raskmelder borgeren pr. i dag
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645

  @test_5_raskmelding_composite
  Abstrakt Scenario: En raskmelding med tilmelding og den gruppe, som kategorien giver en borger på <alder> år
    Givet en borger på <alder> år
    Og borgeren har kontaktgruppe 8
    Når jobcentret sygemelder borgeren fra i dag
    Og der går 1 dag
    Og jobcentret raskmelder borgeren pr. i dag med tilmelding i kategori 6 og kontaktgruppe <anden>
    Så bliver kaldet afvist med fejlkode <kode>
    Når jobcentret raskmelder borgeren pr. i dag med tilmelding i kategori 6 og kontaktgruppe <gruppe>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe <gruppe> som aktuel

    Eksempler:
      | alder | gruppe | anden | kode   |
      | 29    | 28     | 26    | 100029 |
      | 40    | 26     | 2     | 100029 |
