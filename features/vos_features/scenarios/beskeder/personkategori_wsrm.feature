# language: da
@test_4_pc_wsrm_v1 @test_4_indhold
Egenskab: WSRM-beskeder om personkategori
  Uanset om registrering og opdatering af personkategori/visitation sker via PRS eller
  VisiteringOgStatusServices.PersonVisiteringService fremgår det i GetPersonCategoryVersion1 WSRM'en, om det er
  jobcentret eller STAR, der har foretaget registreringen/opdateringen.

  @ac10_anvendes_pc1 @svc_wsrm_pc1 @ac10_akasse_ikke_pc @ac10_jobcenter_alle
  Abstrakt Scenario: <registrant> registrerer en personkategori via <kanal>, og kun jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 8
    Når <registrant> registrerer personkategori 5 via <kanal>
    Så er registreringen modtaget
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetPersonCategoryVersion1 | 8    | ja   | <registrant>   |
      | GetPersonCategoryVersion1 | 5    |      | <registrant>   |
    Men har a-kassen ingen beskeder
    Og har et andet jobcenter ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  @ac10_akasse_ikke_pc @ac10_jobcenter_alle
  Abstrakt Scenario: <registrant> afslutter en personkategori via <kanal>, og kun jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13
    Og borgeren har personkategori 9
    Når <registrant> afslutter personkategorien i dag via <kanal>
    Så er registreringen modtaget
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetPersonCategoryVersion1 | 9    | ja   | <registrant>   |
    Men har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  Abstrakt Scenario: Den afledte standardkategori fortælles med den, der registrerede kontaktgruppen via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Når <registrant> registrerer kontaktgruppe 2 via <kanal>
    Så har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 2    |      | <registrant>   |
      | GetContactGroupVersion4   | 2    |      | <registrant>   |
      | GetPersonCategoryVersion1 | 8    |      | <registrant>   |
    Men har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  Abstrakt Scenario: A-kassen kan ikke registrere en personkategori via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Når a-kassen registrerer personkategori 5 via <kanal>
    Så bliver kaldet afvist med fejlkode 4575
    Og har jobcentret ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac11_default_visitering @ac10_jobcenter_alle @ac10_akasse_ikke_pc
  Abstrakt Scenario: En kategori, som den nye gruppe ikke tillader, ophører med den, der skiftede gruppen via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Når <registrant> registrerer kontaktgruppe 4 via <kanal>
    Så læser jobcentret ingen aktuel personkategori
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 2    | ja   | <registrant>   |
      | GetContactGroupVersion5   | 4    |      | <registrant>   |
      | GetContactGroupVersion4   | 2    | ja   | <registrant>   |
      | GetContactGroupVersion4   | 4    |      | <registrant>   |
      | GetPersonCategoryVersion1 | 5    | ja   | <registrant>   |
    Men har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |
