# language: da
Egenskab: De nye valideringer 100028 og 100029, og fra hvilken udgave de gælder på hvilken kanal

  @regel_100028 @regel_100028_2 @ac02_kg_100028 @ac02_kg_100028_2 @ac02_kg_100028_3 @ac02_kg_100028_soap @svc_prs_update_kg_100028 @svc_pvs_kg_update_100028
  Abstrakt Scenario: Fremtidig slutdato i <udgave> via <kanal> afvises
    Givet udgaven er <udgave>
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i morgen via <kanal>
    Så bliver kaldet afvist med fejlkode 100028
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og har jobcentret ingen beskeder

    Eksempler:
      | udgave | kanal |
      | 2024-3 | PVS   |
      | 2024-4 | PRS   |
      | 2024-4 | PVS   |
      | 2025-1 | PRS   |
      | 2025-1 | PVS   |

  @regel_100028 @ac02_kg_100028 @regel_100029 @ac02_kg_100029
  Scenarie: I 2025-2, hvor kun REST er tilbage, gælder begge valideringer
    Givet udgaven er 2025-2
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i morgen via PVS
    Så bliver kaldet afvist med fejlkode 100028
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Så er registreringen modtaget
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 100029
    Og læser jobcentret kontaktgruppe 1 som aktuel

  @regel_100028 @ac02_kg_100028 @ac02_fejlkoder_bevares
  Abstrakt Scenario: En kontaktgruppe kan ikke registreres med slutdato <slut> i <udgave> via <kanal>: <kode>
    Givet udgaven er <udgave>
    Og en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 med slutdato <slut> via <kanal>
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret ingen aktuel kontaktgruppe

    Eksempler:
      | udgave | kanal | slut     | kode   |
      | 2024-3 | PVS   | i morgen | 100028 |
      | 2024-4 | PRS   | i morgen | 100028 |
      | 2024-4 | PVS   | i morgen | 100028 |
      | 2024-4 | PRS   | i går    | 1014   |
      | 2024-4 | PVS   | i går    | 1014   |

  @ac02_kg_100028_soap @regel_100028 @regel_100028_2
  Scenarie: Fremtidig slutdato via PRS i 2024-3 er tilladt for ikke-tilmeldte
    Givet udgaven er 2024-3
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i morgen via PRS
    Så er registreringen modtaget

  @regel_100028 @regel_100028_2
  Scenarie: Fremtidig slutdato via PRS i 2024-3 afvises for tilmeldte
    Givet udgaven er 2024-3
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når jobcentret afslutter kontaktgruppen i morgen via PRS
    Så bliver kaldet afvist med fejlkode 100028

  @regel_100029 @ac02_kg_100029 @ac02_kg_100029_2 @ac02_kg_100029_soap @svc_prs_create_kg_100029 @svc_pvs_kg_create_100029
  Abstrakt Scenario: En tilmeldts kontaktgruppe kan ikke skiftes i <udgave> via <kanal>
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 100029
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder

    Eksempler:
      | udgave | kanal |
      | 2024-3 | PVS   |
      | 2024-4 | PRS   |
      | 2024-4 | PVS   |
      | 2025-1 | PRS   |
      | 2025-1 | PVS   |

  @regel_100029 @ac02_kg_100029
  Abstrakt Scenario: En tilmeldt, hvis gruppe er lukket, kan i <udgave> via <kanal> kun få tilmeldingens gruppe
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når jobcentret registrerer kontaktgruppe 1 via <kanal>
    Så bliver kaldet afvist med fejlkode 4644
    Når jobcentret afslutter kontaktgruppen i dag via <kanal>
    Og jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 100029
    Når jobcentret registrerer kontaktgruppe 1 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel

    Eksempler:
      | udgave | kanal |
      | 2024-3 | PVS   |
      | 2024-4 | PRS   |
      | 2024-4 | PVS   |

  @ac02_kg_100029_soap
  Scenarie: En tilmeldts kontaktgruppe kan skiftes via PRS i 2024-3, som før ændringen
    Givet udgaven er 2024-3
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når jobcentret registrerer kontaktgruppe 13 via PRS
    Så er registreringen modtaget

  @svc_prs_create_kg_udgaar @svc_prs_create_pc_udgaar @svc_prs_update_kg_udgaar @svc_prs_update_pc_udgaar
  @tilsagn_kss_rest @ac03_soap_bevares @paavirkning_registrering @historik_ibrugtagning
  Scenarie: SOAP-registrering er udgået i 2025-2, og REST består
    Givet udgaven er 2025-2
    Og en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 2 via PRS
    Så bliver kaldet afvist med fejlkode 1014
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Så er registreringen modtaget
    Når jobcentret registrerer personkategori 5 via PRS
    Så bliver kaldet afvist med fejlkode 1014
    Når jobcentret registrerer personkategori 5 via PVS
    Så er registreringen modtaget
    Når jobcentret afslutter personkategorien i dag via PRS
    Så bliver kaldet afvist med fejlkode 1014
    Når jobcentret afslutter kontaktgruppen i dag via PRS
    Så bliver kaldet afvist med fejlkode 1014
    Og læser jobcentret kontaktgruppe 2 som aktuel
    Og læser jobcentret personkategori 5 som aktuel
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Så er registreringen modtaget

  @ac02_interview_udgaar @ac02_metode_interview @ac02_interview_udgaaet
  Abstrakt Scenario: CreatePersonCategoryAndInterview giver en klar fejl i <udgave>
    Givet udgaven er <udgave>
    Og en borger på 40 år
    Når jobcentret kalder CreatePersonCategoryAndInterview
    Så bliver kaldet afvist med fejlkode 1014
    Og nævner afvisningen "udgået i release 2023-4"

    Eksempler:
      | udgave |
      | 2024-3 |
      | 2024-4 |
      | 2025-1 |
      | 2025-2 |
