# language: da
Egenskab: Anden aktør, gæster, tidligere egne, Landssupporten og sagsbehandlere på Jobnet

  @adgang_jobcenter_anden_aktoer @adgang_per_metode @ac02_adgang_uaendret
  Abstrakt Scenario: En anden aktør registrerer via <kanal> for jobcentret på sin egen borger
    Givet en borger på 40 år
    Og borgeren er også hos anden aktør
    Når anden aktør registrerer kontaktgruppe 13 via <kanal>
    Så er registreringen modtaget
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 13   |      | anden aktør    |
      | GetContactGroupVersion4 | 13   |      | anden aktør    |

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @adgang_jobcenter_anden_aktoer @adgang_per_metode
  Abstrakt Scenario: <rolle> kan ikke registrere via <kanal> på en borger, aktøren ikke har
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når <rolle> registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 4511
    Og læser jobcentret kontaktgruppe 4 som aktuel
    Og har jobcentret ingen beskeder
    Og kan <rolle> ikke læse kontaktgruppe: fejlkode 4511

    Eksempler:
      | rolle            | kanal |
      | anden aktør      | PRS   |
      | anden aktør      | PVS   |
      | en fremmed aktør | PVS   |

  @adgang_jobcenter_anden_aktoer @adgang_per_metode
  Scenarie: Jobcentret tilmelder enhver borger, men en anden aktør for jobcentret kun sine egne
    Givet en borger på 40 år
    Når anden aktør tilmelder borgeren i tilmeldekategori 2
    Så bliver kaldet afvist med fejlkode 4511
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og har jobcentret ingen beskeder
    Når et andet jobcenter tilmelder borgeren i tilmeldekategori 2
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 2 som aktuel

  @adgang_per_metode @adgang_jobcenter_ikke_gaest @adgang_akasse_ikke_gaest @adgang_kommune_ikke_gaest
  @adgang_jobcenter_ikke_andre @adgang_akasse_ikke_andre @adgang_kommune_ikke_andre
  Abstrakt Scenario: <rolle> når ikke en fremmed borger via <kanal>, heller ikke med gæsteadgang
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Og <rolle> har gæsteadgang til borgeren
    Så kan <rolle> ikke læse kontaktgruppe: fejlkode <kode>
    Når <rolle> registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret kontaktgruppe 4 som aktuel
    Og har jobcentret ingen beskeder

    Eksempler:
      | rolle              | kanal | kode |
      | en anden a-kasse   | PRS   | 4575 |
      | en anden a-kasse   | PVS   | 4575 |
      | et andet jobcenter | PRS   | 6005 |
      | et andet jobcenter | PVS   | 6005 |
      | en anden kommune   | PRS   | 4575 |
      | en anden kommune   | PVS   | 4575 |

  @adgang_per_metode @adgang_jobcenter_ikke_anden_aktoer_gaest
  Scenarie: En anden aktør læser i PSS på jobcentrets gæsteadgang, men når ikke borgeren i PersonVisiteringService
    Givet udgaven er 2024-4
    Og en borger på 40 år
    Og borgeren hører til et andet jobcenter
    Og borgeren er også hos anden aktør
    Og borgeren har kontaktgruppe 4
    Og jobcentret har gæsteadgang til borgeren
    Så læser anden aktør kontaktgruppe 4 i PSS
    Men kan anden aktør ikke læse kontaktgruppe: fejlkode 4511
    Når anden aktør registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4511
    Og læser et andet jobcenter kontaktgruppe 4 som aktuel

  @adgang_per_metode
  Scenarie: En gæst læser i PSS og statusservicen, og kan hverken registrere eller læse i PersonVisiteringService
    Givet udgaven er 2024-4
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Og et andet jobcenter har gæsteadgang til borgeren
    Så læser et andet jobcenter kontaktgruppe 4 i PSS
    Og læser et andet jobcenter kontaktgruppe 4 i statusservicen
    Men kan en anden a-kasse ikke læse i PSS: fejlkode 4575
    Og kan et andet jobcenter ikke læse kontaktgruppe: fejlkode 6005
    Når et andet jobcenter registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 6005
    Og læser jobcentret kontaktgruppe 4 som aktuel

  @adgang_akasse_egne @adgang_per_metode @adgang_akasse_ikke_tidligere
  Scenarie: A-kassen læser et tidligere medlem i PSS i 120 dage
    Givet udgaven er 2024-4
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Og borgeren meldte sig ud af a-kassen for 119 dage siden
    Så læser a-kassen kontaktgruppe 4 i PSS
    Men kan a-kassen ikke læse kontaktgruppe: fejlkode 4575

  @adgang_akasse_egne @adgang_per_metode
  Scenarie: Efter 120 dage læser a-kassen ikke længere det tidligere medlem
    Givet udgaven er 2024-4
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Og borgeren meldte sig ud af a-kassen for 120 dage siden
    Så kan a-kassen ikke læse i PSS: fejlkode 4575

  @ac12_lss @ac13_lss_kg
  Scenarie: Landssupporten registrerer kontaktgruppe i den nye service og læser den
    Givet en borger på 40 år
    Når Landssupporten registrerer kontaktgruppe 2 via PVS
    Så er registreringen modtaget
    Og læser Landssupporten kontaktgruppe 2 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 2    |      | Landssupporten |
      | GetContactGroupVersion4   | 2    |      | Landssupporten |
      | GetPersonCategoryVersion1 | 8    |      | Landssupporten |

  @ac12_lss @ac13_lss_kg
  Scenarie: Landssupporten registrerer, afslutter og læser kontaktgruppe med REST alene i 2025-2
    Givet udgaven er 2025-2
    Og en borger på 40 år
    Når Landssupporten registrerer kontaktgruppe 4 via PRS
    Så bliver kaldet afvist med fejlkode 1014
    Og læser Landssupporten ingen kontaktgruppe i PSS
    Når Landssupporten registrerer kontaktgruppe 4 via PVS
    Så er registreringen modtaget
    Og læser Landssupporten kontaktgruppe 4 som aktuel
    Og kan Landssupporten hente kontaktgruppen på dens id
    Når Landssupporten afslutter kontaktgruppen i dag via PVS
    Så er registreringen modtaget
    Og læser Landssupporten ingen aktuel kontaktgruppe
    Og læser Landssupporten historikken for kontaktgruppen:
      | type | slut  | slettet | aktuel | registreret af |
      | 4    | i dag | nej     | ja     | STAR           |
      | 4    |       | nej     | nej    | STAR           |

  @ac13_lss_kg
  Abstrakt Scenario: Personkategori kan ikke registreres fra Landssupporten via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Når Landssupporten registrerer personkategori 5 via <kanal>
    Så bliver kaldet afvist med fejlkode 4575
    Og læser jobcentret ingen aktuel personkategori
    Og har jobcentret ingen beskeder

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @adgang_jobnet_akasse
  Abstrakt Scenario: A-kassens sagsbehandler på Jobnet når et medlem i kontaktgruppe <gruppe> og tilmeldekategori <kategori>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <gruppe>
    Og borgeren er tilmeldt i tilmeldekategori <kategori>
    Så læser a-kassens sagsbehandler på Jobnet kontaktgruppe <gruppe> i statusservicen

    Eksempler:
      | gruppe | kategori |
      | 1      | 1        |
      | 8      | 5        |

  @adgang_jobnet_akasse
  Scenarie: A-kassens sagsbehandler på Jobnet når et medlem i kontaktgruppe 1, der ikke er tilmeldt
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Så læser a-kassens sagsbehandler på Jobnet kontaktgruppe 1 i statusservicen

  @adgang_jobnet_akasse
  Abstrakt Scenario: A-kassens sagsbehandler på Jobnet når ikke et medlem i kontaktgruppe <gruppe> uden dimittendtilmelding
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <gruppe>
    Så kan a-kassens sagsbehandler på Jobnet ikke læse i statusservicen: fejlkode 4575
    Men læser a-kassen kontaktgruppe <gruppe> i statusservicen

    Eksempler:
      | gruppe |
      | 8      |
      | 13     |

  @adgang_jobnet_akasse
  Scenarie: A-kassens sagsbehandler på Jobnet når ikke en borger, der ikke er medlem
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 1
    Så kan a-kassens sagsbehandler på Jobnet ikke læse i statusservicen: fejlkode 4575

  @adgang_jobnet_jobcenter
  Scenarie: Jobcentrets sagsbehandler på Jobnet når jobcentrets egne borgere, og et andet jobcenters gør ikke
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Så læser jobcentrets sagsbehandler på Jobnet kontaktgruppe 4 i statusservicen
    Men kan et andet jobcenters sagsbehandler på Jobnet ikke læse i statusservicen: fejlkode 6005

  @adgang_aub_ingen @adgang_udk_ingen @adgang_stil_ingen
  Abstrakt Scenario: <rolle> har ingen adgang til PersonVisiteringService
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Så kan <rolle> ikke læse kontaktgruppe: fejlkode 4575
    Og kan <rolle> ikke læse personkategori: fejlkode 4575
    Når <rolle> registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 4575
    Og læser jobcentret kontaktgruppe 4 som aktuel
    Og har jobcentret ingen beskeder

    Eksempler:
      | rolle | kanal |
      | AUB   | PRS   |
      | AUB   | PVS   |
      | UDK   | PRS   |
      | UDK   | PVS   |
      | STIL  | PRS   |
      | STIL  | PVS   |

  @adgang_jobnet_akasse
  Scenarie: A-kassens sagsbehandler på Jobnet når ikke et medlem uden kontaktgruppe
    Givet en borger på 40 år, som er medlem af a-kassen
    Så kan a-kassens sagsbehandler på Jobnet ikke læse i statusservicen: fejlkode 4575

  @adgang_jobnet_akasse
  Scenarie: A-kassens sagsbehandler på Jobnet når ikke et medlem, hvis kontaktgruppe 1 er afsluttet
    Givet en borger på 40 år, som er medlem af a-kassen
    Når jobcentret registrerer kontaktgruppe 1 via PVS
    Så læser a-kassens sagsbehandler på Jobnet kontaktgruppe 1 i statusservicen
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Så kan a-kassens sagsbehandler på Jobnet ikke læse i statusservicen: fejlkode 4575
