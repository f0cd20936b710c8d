# language: da
Egenskab: Kollektionerne i PSS og PHS udgår i 2025-1, og REST har det hele
  Indtil 2025-1 udstiller PersonStatusService (version 20) og PersonHistoryService (version 4) kontaktgrupper og
  personkategorier. Derefter returneres en tom liste for hver kollektion, og oplysningerne læses i de nye Get-metoder.

  @test_1_kg_registrering_laesning @test_1_registrering @test_1_laesning @svc_pss_kg_kollektion @svc_phs_kg_kollektion @ac02_kg_laes @ac02_metode_kg_laes @ac02_kg_historik @ac02_metode_kg_historik
  Abstrakt Scenario: I <udgave> læses en kontaktgruppe registreret via <kanal> i PSS, PHS og PVS
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Når <registrant> registrerer kontaktgruppe 13 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 i PSS
    Og læser a-kassen kontaktgruppe 13 i PSS
    Og er kontaktgruppen den samme i PSS som i PersonVisiteringService for jobcentret
    Og læser jobcentret historikken for kontaktgruppen i PHS:
      | type | slut | aktuel | slettet | registreret af |
      | 13   |      | ja     | nej     | <registrant>   |
      | 4    | ja   | ja     | nej     | <registrant>   |
      | 4    |      | nej    | nej     | opsætningen    |
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og læser jobcentret 13, 4, 4 i historikken for kontaktgruppen
    Men kan et andet jobcenter ikke læse i PSS: fejlkode 6005
    Og kan et andet jobcenter ikke læse i PHS: fejlkode 6005

    Eksempler:
      | udgave | registrant | kanal |
      | 2024-3 | jobcentret | PRS   |
      | 2024-3 | STAR       | PVS   |
      | 2024-4 | STAR       | PRS   |
      | 2024-4 | jobcentret | PVS   |

  @test_3_pc_registrering_laesning @test_3_registrering @test_3_laesning @svc_pss_pc_kollektion @svc_phs_pc_kollektion @ac02_pc_laes @ac02_metode_pc_laes @ac02_pc_historik @ac02_metode_pc_historik
  @ac08_akasse_ikke_pc @ac09_akasse_ikke_pc
  Abstrakt Scenario: I <udgave> læses en personkategori registreret via <kanal> i PSS, PHS og PVS
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 8
    Når <registrant> registrerer personkategori 5 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret personkategori 5 i PSS
    Og er personkategorien den samme i PSS som i PersonVisiteringService for jobcentret
    Og læser jobcentret historikken for personkategorien i PHS:
      | type | slut | aktuel | slettet | registreret af |
      | 5    |      | ja     | nej     | <registrant>   |
      | 8    | ja   | ja     | nej     | <registrant>   |
      | 8    |      | nej    | nej     | opsætningen    |
    Og læser jobcentret personkategori 5 som aktuel
    Men læser a-kassen ingen personkategori i PSS
    Og læser a-kassen ingen personkategori i PHS
    Og kan en anden a-kasse ikke læse i PSS: fejlkode 4575
    Og kan en anden a-kasse ikke læse i PHS: fejlkode 4575

    Eksempler:
      | udgave | registrant | kanal |
      | 2024-3 | jobcentret | PRS   |
      | 2024-3 | STAR       | PVS   |
      | 2024-4 | STAR       | PRS   |
      | 2024-4 | jobcentret | PVS   |

  @ac08_pss_tomme_lister @ac08_pss_kollektioner @ac08_pss_kollektioner_2 @ac09_phs_tomme_lister @ac09_phs_kollektion @ac09_phs_kollektion_2 @ac08_get_i_stedet
  @ac09_get_i_stedet @regel_kollektioner_udgaar @paavirkning_laesning @ac03_laesning_2025_1 @tilsagn_pss_phs
  @svc_pss_kg_kollektion @svc_pss_pc_kollektion @svc_phs_kg_kollektion @svc_phs_pc_kollektion
  Abstrakt Scenario: I <udgave> er listerne i PSS og PHS tomme, og REST har det hele
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Og jobcentret registrerer personkategori 5 via PVS
    Så læser <læser> ingen kontaktgruppe i PSS
    Og læser <læser> ingen personkategori i PSS
    Og læser <læser> ingen kontaktgruppe i PHS
    Og læser <læser> ingen personkategori i PHS
    Men læser <læser> kontaktgruppe 2 som aktuel
    Og læser <læser> 2, 4, 4 i historikken for kontaktgruppen
    Og læser jobcentret personkategori 5 som aktuel
    Og kan et andet jobcenter ikke læse i PSS: fejlkode 6005
    Og kan et andet jobcenter ikke læse i PHS: fejlkode 6005

    Eksempler:
      | udgave | læser      |
      | 2025-1 | jobcentret |
      | 2025-1 | a-kassen   |
      | 2025-1 | STAR       |
      | 2025-2 | jobcentret |
      | 2025-2 | a-kassen   |

  @ac08_pss_tomme_lister @ac09_phs_tomme_lister @tilsagn_pss_phs
  Scenarie: Kollektionerne tømmes for den samme borger, når scenen flyttes til 2025-1
    Givet udgaven er 2024-4
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Så læser jobcentret kontaktgruppe 2 i PSS
    Og læser jobcentret personkategori 5 i PHS
    Givet udgaven er 2025-1
    Så læser jobcentret ingen kontaktgruppe i PSS
    Og læser jobcentret ingen personkategori i PSS
    Og læser jobcentret ingen kontaktgruppe i PHS
    Og læser jobcentret ingen personkategori i PHS
    Men læser jobcentret kontaktgruppe 2 som aktuel
    Og læser jobcentret personkategori 5 som aktuel

  @svc_pss_kg_kollektion @svc_pss_pc_kollektion
  Abstrakt Scenario: PSS viser kun det, der bedes om: <art>
    Givet udgaven er 2024-4
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Så viser PSS jobcentret kun <art>, når der kun bedes om den

    Eksempler:
      | art            |
      | kontaktgruppe  |
      | personkategori |

  @ac08_pss_tomme_lister @svc_pss_kg_kollektion
  Abstrakt Scenario: De øvrige dele af PSS er de samme i <udgave>
    Givet udgaven er <udgave>
    Og en borger på 40 år
    Og borgeren er tilmeldt i tilmeldekategori 2
    Og borgeren har kontaktgruppe 2
    Så viser PSS jobcentret de dele, der bedes om, og ikke andre
    Og viser PSS jobcentret borgerens kommune og jobcenter
    Og viser PSS jobcentret tilmeldekategori 2

    Eksempler:
      | udgave |
      | 2024-3 |
      | 2024-4 |
      | 2025-1 |
      | 2025-2 |
