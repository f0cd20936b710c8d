# language: da
@ac15_aktivitetstillaeg @ac16_flyttet
Egenskab: Aktivitetstillægget følger kontaktgruppe og personkategori

  @ac16_kg_ikke_tilladt
  Abstrakt Scenario: Skift via <kanal> i <udgave> til en kontaktgruppe, hvor tillægget ikke er tilladt, afslutter det
    Givet udgaven er <udgave>
    Og en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg
    Så læser jobcentret ét aktivitetstillæg i statusservicen
    Når jobcentret registrerer kontaktgruppe 28 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret intet aktivitetstillæg i statusservicen

    Eksempler:
      | udgave | kanal |
      | 2024-3 | PRS   |
      | 2024-3 | PVS   |
      | 2024-4 | PRS   |
      | 2024-4 | PVS   |
      | 2025-1 | PVS   |
      | 2025-2 | PVS   |

  @ac16_pc_vaek
  Abstrakt Scenario: Personkategori væk fra aktivitetsparat via <kanal> i <udgave> efterlader <antal> aktivitetstillæg
    Givet udgaven er <udgave>
    Og en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg
    Når jobcentret registrerer personkategori 7 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret <antal> aktivitetstillæg i statusservicen

    Eksempler:
      | udgave | kanal | antal |
      | 2024-3 | PRS   | ét    |
      | 2024-3 | PVS   | ét    |
      | 2024-4 | PRS   | intet |
      | 2024-4 | PVS   | intet |
      | 2025-1 | PVS   | intet |
      | 2025-2 | PVS   | intet |

  @ac16_pc_vaek
  Abstrakt Scenario: Det er kategorien lige før skiftet, der tæller: fra <foer> til <efter> efterlader <antal> aktivitetstillæg
    Givet udgaven er 2024-4
    Og en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Og borgeren har aktivitetstillæg
    Når jobcentret registrerer personkategori <foer> via PVS
    Så læser jobcentret ét aktivitetstillæg i statusservicen
    Når jobcentret registrerer personkategori <efter> via PVS
    Så læser jobcentret <antal> aktivitetstillæg i statusservicen

    Eksempler:
      | foer | efter | antal |
      | 5    | 7     | intet |
      | 6    | 7     | ét    |

  @ac16_kg_ikke_tilladt
  Scenarie: Skift mellem grupper, der tillader tillægget, rører det ikke
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Så er registreringen modtaget
    Og læser jobcentret ét aktivitetstillæg i statusservicen

  @ac16_kg_ikke_tilladt
  Scenarie: En lukket kontaktgruppe afslutter tillægget
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Så er registreringen modtaget
    Og læser jobcentret intet aktivitetstillæg i statusservicen

  Abstrakt Scenario: Tillægget bevilges i kontaktgruppe <gruppe> med personkategori <kategori>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe <gruppe>
    Og borgeren har personkategori <kategori>
    Når DFDG får besked fra jobcentret om aktivitetstillæg fra i dag
    Så er registreringen modtaget
    Og læser jobcentret ét aktivitetstillæg i statusservicen
    Når DFDG får besked fra jobcentret om aktivitetstillæg fra i dag
    Så bliver kaldet afvist med fejlkode 4977
    Og læser jobcentret ét aktivitetstillæg i statusservicen

    Eksempler:
      | gruppe | kategori |
      | 2      | 5        |

  Abstrakt Scenario: Tillægget kan ikke bevilges: <grund>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe <gruppe>
    Og borgeren har personkategori <kategori>
    Når DFDG får besked fra jobcentret om aktivitetstillæg fra i dag
    Så bliver kaldet afvist med fejlkode 4731
    Og læser jobcentret intet aktivitetstillæg i statusservicen

    Eksempler:
      | gruppe | kategori | grund                                    |
      | 2      | 4        | kategorien er ikke aktivitetsparat       |
      | 13     | 5        | gruppen tillader ikke tillægget          |

  Scenarie: En borger uden kontaktgruppe kan ikke få tillægget
    Givet en borger på 40 år
    Når DFDG får besked fra jobcentret om aktivitetstillæg fra i dag
    Så bliver kaldet afvist med fejlkode 4731
