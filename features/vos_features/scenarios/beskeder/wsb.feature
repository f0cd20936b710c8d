# language: da
@ac19_wsb
Egenskab: Webservicebeskeder (WSB) om kontaktgruppe og personkategori
  Som aftager vil jeg kunne abonnere på WSB om kontaktgrupper og personkategorier. Beskeden er tynd: den siger, hvad der skal
  læses, og aftageren læser det i PersonVisiteringService med CPR-nummer og id fra beskeden.

  @ac19_kg_wsb @svc_kontaktgruppe_wsb @afgraensning_wsb
  Abstrakt Scenario: Jobcentret får WSB om kontaktgruppe <gruppe>, der oprettes via <kanal> i <udgave>
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Når <registrant> registrerer kontaktgruppe <gruppe> via <kanal>
    Så har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |
    Og kan jobcentret læse den kontaktgruppe, som WSB'en fortæller om
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | udgave | registrant | gruppe | kanal |
      | 2024-3 | jobcentret | 4      | PRS   |
      | 2024-3 | jobcentret | 4      | PVS   |
      | 2024-4 | jobcentret | 4      | PRS   |
      | 2024-4 | STAR       | 13     | PVS   |
      | 2025-1 | jobcentret | 4      | PVS   |
      | 2025-2 | jobcentret | 13     | PVS   |

  @ac19_kg_wsb @svc_kontaktgruppe_wsb
  Scenarie: Afslutning, skift og sletning fortælles i orden
    Givet en borger på 40 år
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og jobcentret registrerer kontaktgruppe 13 via PRS
    Og jobcentret sletter kontaktgruppen
    Så har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |
      | Kontaktgruppe | opdatering |
      | Kontaktgruppe | oprettelse |
      | Kontaktgruppe | slet       |
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac19_pc_wsb @svc_personkategori_wsb @afgraensning_wsb
  Abstrakt Scenario: Jobcentret får WSB om personkategori via <kanal>, også om den afledte standardkategori
    Givet en borger på 40 år
    Og jobcentret abonnerer på WSB om kontaktgruppe og personkategori
    Når jobcentret registrerer kontaktgruppe 2 via <kanal>
    Og jobcentret registrerer personkategori 5 via <kanal>
    Så har jobcentret præcis disse WSB'er:
      | entitet        | ændring    |
      | Kontaktgruppe  | oprettelse |
      | Personkategori | oprettelse |
      | Personkategori | opdatering |
      | Personkategori | oprettelse |
    Og kan jobcentret læse den personkategori, som WSB'en fortæller om
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac19_kg_wsb @ac19_pc_wsb
  Scenarie: Kun det, der abonneres på, sendes
    Givet en borger på 40 år
    Og jobcentret abonnerer på WSB om personkategori
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Så har jobcentret præcis disse WSB'er:
      | entitet        | ændring    |
      | Personkategori | oprettelse |
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac19_kg_wsb
  Scenarie: Et andet jobcenter får ingen WSB om borgeren
    Givet en borger på 40 år
    Og et andet jobcenter abonnerer på WSB om kontaktgruppe og personkategori
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Så er registreringen modtaget
    Men har et andet jobcenter ingen WSB'er

  @ac19_kg_wsb @svc_kontaktgruppe_wsb
  Abstrakt Scenario: A-kassen får WSB om et medlem, der overgår til kontaktgruppe <gruppe>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe <gruppe> via PVS
    Så har a-kassen præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | gruppe |
      | 13     |
      | 23     |

  @ac19_kg_wsb
  Scenarie: Et job om natten fortælles som enhver anden ændring
    Givet en borger, som fylder 30 i morgen
    Og borgeren har kontaktgruppe 12
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Når der går 1 dag
    Så har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | opdatering |
      | Kontaktgruppe | oprettelse |
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac19_wsb
  Scenarie: En afvist registrering giver ingen WSB
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4644
    Og har jobcentret ingen WSB'er

  @ac19_wsb
  Scenarie: A-kassen kan ikke abonnere på WSB om personkategori
    Når a-kassen forsøger at abonnere på WSB om personkategori
    Så bliver abonnementet afvist med fejlkode 1014

  @ac19_wsb
  Scenarie: Kommunen kan ikke abonnere
    Når kommunen forsøger at abonnere på WSB om kontaktgruppe
    Så bliver abonnementet afvist med fejlkode 1014

  @ac19_wsb
  Scenarie: Den samme liste igen ændrer intet
    Givet jobcentret abonnerer på WSB om kontaktgruppe og personkategori
    Når jobcentret abonnerer på WSB om kontaktgruppe og personkategori
    Så har abonnementerne ikke ændret sig

  @ac19_wsb
  Scenarie: Et fjernet abonnement tager de usendte beskeder med sig
    Givet en borger på 40 år
    Og jobcentret abonnerer på WSB om kontaktgruppe og personkategori
    Og jobcentrets webhook svarer 404 to gange
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Og jobcentret abonnerer på WSB om personkategori
    Og der går 10 minutter
    Så har jobcentret præcis disse WSB'er:
      | entitet        | ændring    |
      | Personkategori | oprettelse |
