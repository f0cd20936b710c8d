# language: da
@tilsagn_kgskift_tilmelding @ac11_tilmelding
Egenskab: Tilmelding med given tilmeldekategori og afledt af dette KG-skift i DFDG
  KSS deltager i test af at der fortsat sker de relevante KG-skift ved fx tilmelding via UnemploymentEnrollmentService.

  @test_2_kg_wsrm_v5 @test_2_indhold @ac10_jobcenter_alle
  Abstrakt Scenario: <rolle> tilmelder i kategori <kategori>, og jobcentret får besked om kontaktgruppe <gruppe>
    Givet en borger på 40 år, som er medlem af a-kassen
    Når <rolle> tilmelder borgeren i tilmeldekategori <kategori>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe <gruppe> som aktuel
    Og læser jobcentret ingen aktuel personkategori
    Og læser jobcentret historikken for kontaktgruppen:
      | type     | start | slut | aktuel | registreret af |
      | <gruppe> | i dag |      | ja     | <rolle>        |
    Og har jobcentret præcis disse beskeder:
      | besked                  | type     | slut | registreret af |
      | GetContactGroupVersion5 | <gruppe> |      | <rolle>        |
      | GetContactGroupVersion4 | <gruppe> |      | <rolle>        |
    Men har a-kassen ingen beskeder
    Og har et andet jobcenter ingen beskeder

    Eksempler:
      | rolle      | kategori | gruppe |
      | a-kassen   | 1        | 1      |
      | a-kassen   | 4        | 8      |
      | a-kassen   | 5        | 8      |
      | jobcentret | 1        | 1      |
      | jobcentret | 5        | 8      |
      | kommunen   | 4        | 8      |
      | STAR       | 1        | 1      |

  @ac11_default_visitering @ac10_jobcenter_alle @ac10_akasse_ikke_pc
  Abstrakt Scenario: Tilmelding i kategori <kategori> af en borger på <alder> år giver kontaktgruppe <gruppe> med standardkategori, og jobcentret får besked
    Givet en borger på <alder> år, som er medlem af a-kassen
    Når jobcentret tilmelder borgeren i tilmeldekategori <kategori>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe <gruppe> som aktuel
    Og læser jobcentret personkategori 8 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type     | slut | registreret af |
      | GetContactGroupVersion5   | <gruppe> |      | jobcentret     |
      | GetContactGroupVersion4   | <gruppe> |      | jobcentret     |
      | GetPersonCategoryVersion1 | 8        |      | jobcentret     |
    Men har a-kassen ingen beskeder

    Eksempler:
      | kategori | alder | gruppe |
      | 2        | 40    | 2      |
      | 3        | 29    | 12     |
      | 6        | 29    | 28     |
      | 6        | 30    | 26     |

  @ac02_kg_100029_tilmelding @test_2_kg_wsrm_v5 @test_2_indhold
  Abstrakt Scenario: En tilmeldt skifter gruppe ved at ændre tilmeldingen og ikke via <kanal> i <udgave>, og jobcentret får besked
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Og jobcentret registrerer kontaktgruppe 2 via <kanal>
    Så bliver kaldet afvist med fejlkode 100029
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Når jobcentret tilmelder borgeren i tilmeldekategori 2
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 2 som aktuel
    Og læser jobcentret personkategori 8 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start | slut  | aktuel | registreret af |
      | 2    | i dag |       | ja     | jobcentret     |
      | 1    | i dag | i dag | ja     | jobcentret     |
      | 1    | i dag |       | nej    | a-kassen       |
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 1    |      | a-kassen       |
      | GetContactGroupVersion5   | 1    | ja   | jobcentret     |
      | GetContactGroupVersion5   | 2    |      | jobcentret     |
      | GetContactGroupVersion4   | 1    |      | a-kassen       |
      | GetContactGroupVersion4   | 1    | ja   | jobcentret     |
      | GetContactGroupVersion4   | 2    |      | jobcentret     |
      | GetPersonCategoryVersion1 | 8    |      | jobcentret     |
    Men har a-kassen ingen beskeder

    Eksempler:
      | udgave | kanal |
      | 2024-3 | PVS   |
      | 2024-4 | PRS   |
      | 2024-4 | PVS   |
      | 2025-1 | PRS   |
      | 2025-1 | PVS   |

  Scenarie: En tilmelding i den gruppe, borgeren allerede har, fortælles ingen
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 8
    Når a-kassen tilmelder borgeren i tilmeldekategori 5
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 8 som aktuel
    Men har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder

  Scenarie: En tilmelding ti dage tilbage giver gruppen fra den dag
    Givet en borger på 40 år, som er medlem af a-kassen
    Når a-kassen tilmelder borgeren i tilmeldekategori 1 fra for 10 dage siden
    Så er registreringen modtaget
    Og læser jobcentret historikken for kontaktgruppen:
      | type | hændelse          | start             | slut | aktuel | registreret af |
      | 1    | for 10 dage siden | for 10 dage siden |      | ja     | a-kassen       |

  Scenarie: En tilmelding tilbage i tiden giver ikke gruppen, før den forrige gruppe er slut
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13 fra for 20 dage siden
    Når jobcentret afslutter kontaktgruppen for 3 dage siden via PVS
    Og a-kassen tilmelder borgeren i tilmeldekategori 1 fra for 10 dage siden
    Så er registreringen modtaget
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start             | slut             | aktuel | registreret af |
      | 1    | for 3 dage siden  |                  | ja     | a-kassen       |
      | 13   | for 20 dage siden | for 3 dage siden | ja     | jobcentret     |
      | 13   | for 20 dage siden |                  | nej    | opsætningen    |

  @ac11_default_visitering
  Scenarie: En tilmelding tilbage i tiden giver ikke standardkategorien, før den forrige kategori er slut
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13 fra for 20 dage siden
    Og borgeren har personkategori 9 fra for 20 dage siden
    Når jobcentret afslutter personkategorien for 3 dage siden via PVS
    Og jobcentret tilmelder borgeren i tilmeldekategori 2 fra for 10 dage siden
    Så er registreringen modtaget
    Og læser jobcentret historikken for personkategorien:
      | type | start             | slut             | aktuel | registreret af |
      | 8    | for 3 dage siden  |                  | ja     | jobcentret     |
      | 9    | for 20 dage siden | for 3 dage siden | ja     | jobcentret     |
      | 9    | for 20 dage siden |                  | nej    | opsætningen    |

  @ac11_default_visitering
  Scenarie: En slettet kategori holder ikke standardkategorien tilbage
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13 fra for 20 dage siden
    Og borgeren har personkategori 9 fra for 20 dage siden
    Når jobcentret afslutter personkategorien for 3 dage siden via PVS
    Og jobcentret sletter personkategorien
    Og jobcentret tilmelder borgeren i tilmeldekategori 2 fra for 10 dage siden
    Så er registreringen modtaget
    Og læser jobcentret historikken for personkategorien:
      | type | start             | slut             | slettet | registreret af |
      | 8    | for 10 dage siden |                  | nej     | jobcentret     |
      | 9    | for 20 dage siden | for 3 dage siden | ja      | jobcentret     |
      | 9    | for 20 dage siden | for 3 dage siden | nej     | jobcentret     |
      | 9    | for 20 dage siden |                  | nej     | opsætningen    |

  @ac11_default_visitering
  Scenarie: En tilmelding ti dage tilbage giver også standardkategorien fra den dag
    Givet en borger på 40 år
    Når jobcentret tilmelder borgeren i tilmeldekategori 2 fra for 10 dage siden
    Så er registreringen modtaget
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start             | slut | aktuel | registreret af |
      | 2    | for 10 dage siden |      | ja     | jobcentret     |
    Og læser jobcentret historikken for personkategorien:
      | type | start             | slut | aktuel | registreret af |
      | 8    | for 10 dage siden |      | ja     | jobcentret     |

  Abstrakt Scenario: En afmelding lader kontaktgruppen stå, og så kan den skiftes via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når a-kassen afmelder borgeren pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder
    Når jobcentret registrerer kontaktgruppe 4 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 4 som aktuel
    Men har a-kassen ingen beskeder

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac11_default_visitering @test_4_pc_wsrm_v1 @test_4_indhold
  Scenarie: Personkategorien følger afmeldingen, og kun jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 4
    Og borgeren er tilmeldt i tilmeldekategori 2
    Når jobcentret afmelder borgeren pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret personkategori 8 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetPersonCategoryVersion1 | 4    | ja   | jobcentret     |
      | GetPersonCategoryVersion1 | 8    |      | jobcentret     |
    Men har a-kassen ingen beskeder

  @ac11_default_visitering @test_4_pc_wsrm_v1 @test_4_indhold
  Scenarie: Personkategorien følger tilmeldingen, og kun jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Når jobcentret tilmelder borgeren i tilmeldekategori 2
    Så er registreringen modtaget
    Og læser jobcentret personkategori 8 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetPersonCategoryVersion1 | 5    | ja   | jobcentret     |
      | GetPersonCategoryVersion1 | 8    |      | jobcentret     |
    Men har a-kassen ingen beskeder

  Scenarie: En fremtidig afmelding ændrer intet i dag
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når a-kassen afmelder borgeren pr. om 30 dage
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Så bliver kaldet afvist med fejlkode 100029
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Når a-kassen afmelder borgeren pr. i dag
    Så bliver kaldet afvist med fejlkode 4317
    Og nævner afvisningen "tilmeldingen er allerede afsluttet pr."

  @ac11_tilmelding @ac11_default_visitering
  Scenarie: Den, der melder en afmelding på forhånd, er registrant af det, der følger på dagen
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 4
    Og borgeren er tilmeldt i tilmeldekategori 2
    Når jobcentret afmelder borgeren pr. i morgen
    Så er registreringen modtaget
    Når der går 1 dag
    Så læser jobcentret personkategori 8 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetPersonCategoryVersion1 | 4    | ja   | jobcentret     |
      | GetPersonCategoryVersion1 | 8    |      | jobcentret     |
