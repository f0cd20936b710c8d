# language: da
Egenskab: Plannersystemer, Jobnet og VITAS læser med i de samme services
  De registrerer ikke, men læser jobcentrets borgere: i PSS og PHS indtil 2025-1, og i REST i alle udgaver.

  @svc_pss_kg_kollektion @svc_pss_pc_kollektion @svc_phs_kg_kollektion @svc_phs_pc_kollektion @svc_pvs_kg_laes
  @svc_pvs_kg_historik @svc_pvs_pc_historik @ac13_statusservice
  Abstrakt Scenario: <læser> læser i alle services i 2024-4
    Givet udgaven er 2024-4
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Så læser <læser> kontaktgruppe 2 i PSS
    Og læser <læser> personkategori 5 i PSS
    Og læser <læser> kontaktgruppe 2 i PHS
    Og læser <læser> personkategori 5 i PHS
    Og læser <læser> kontaktgruppe 2 i statusservicen
    Og læser <læser> kontaktgruppe 2 som aktuel
    Og læser <læser> 2 i historikken for kontaktgruppen
    Og læser <læser> personkategori 5 som aktuel
    Men har <læser> ingen beskeder

    Eksempler:
      | læser     |
      | planneren |
      | Jobnet    |
      | VITAS     |

  @regel_kollektioner_udgaar @svc_pss_kg_kollektion @svc_phs_pc_kollektion @svc_pvs_kg_laes
  Abstrakt Scenario: <læser> skifter til REST i 2025-1
    Givet udgaven er 2025-1
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Så læser <læser> ingen kontaktgruppe i PSS
    Og læser <læser> ingen personkategori i PHS
    Men læser <læser> kontaktgruppe 2 som aktuel
    Og læser <læser> personkategori 5 som aktuel
    Og læser <læser> kontaktgruppe 2 i statusservicen

    Eksempler:
      | læser     |
      | planneren |
      | Jobnet    |
      | VITAS     |
