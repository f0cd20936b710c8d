# language: da
@ac16_batchjobs @ac11_batch
Egenskab: Batchjobbet, der på dagen udfører det, som følger af en slutdato, der lå fremme i tiden
  100028 gælder ikke for personkategorier, og på SOAP i 2024-3 kun for tilmeldte: så længe kan en slutdato ligge fremme.

  @regel_100028_2
  Scenarie: I 2024-3 lukkes gruppen med fremtidig slutdato; på dagen ophører kategori, aktivitetstillæg og fravær
    Givet udgaven er 2024-3
    Og en borger på 25 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg
    Og borgeren har et åbent fravær af type 6
    Når jobcentret afslutter kontaktgruppen i morgen via PRS
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 12 som aktuel
    Og læser jobcentret personkategori 5 som aktuel
    Og læser jobcentret ét aktivitetstillæg i statusservicen
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 12   | ja   | jobcentret     |
      | GetContactGroupVersion4 | 12   | ja   | jobcentret     |
    Når alle har læst deres beskeder
    Og der går 1 dag
    Så læser jobcentret ingen aktuel kontaktgruppe
    Og læser jobcentret ingen aktuel personkategori
    Og læser jobcentret intet aktivitetstillæg i statusservicen
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af          |
      | GetPersonCategoryVersion1 | 5    | ja   | DFDG Udløbne slutdatoer |
    Men har a-kassen ingen beskeder
    Når jobcentret registrerer kontaktgruppe 13 via PRS
    Så er registreringen modtaget

  @ac11_default_visitering
  Abstrakt Scenario: En kategori, som afsluttes med fremtidig slutdato via <kanal>, bliver på dagen til gruppens standard
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Når jobcentret afslutter personkategorien i morgen via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret personkategori 5 som aktuel
    Når alle har læst deres beskeder
    Og der går 1 dag
    Så læser jobcentret personkategori 8 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af          |
      | GetPersonCategoryVersion1 | 8    |      | DFDG Udløbne slutdatoer |
    Men har a-kassen ingen beskeder

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @tilsagn_kgskift_tilmelding @ac11_tilmelding
  Scenarie: Den, der i 2024-3 tilmeldes i en gruppe, som skulle slutte, beholder den
    Givet udgaven er 2024-3
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 8
    Når jobcentret afslutter kontaktgruppen om 3 dage via PRS
    Så er registreringen modtaget
    Når alle har læst deres beskeder
    Og a-kassen tilmelder borgeren i tilmeldekategori 5
    Så har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 8    | ja   | a-kassen       |
      | GetContactGroupVersion5 | 8    |      | a-kassen       |
      | GetContactGroupVersion4 | 8    | ja   | a-kassen       |
      | GetContactGroupVersion4 | 8    |      | a-kassen       |
    Når der går 4 dage
    Så læser jobcentret kontaktgruppe 8 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start            | slut             | aktuel | registreret af |
      | 8    | for 4 dage siden |                  | ja     | a-kassen       |
      | 8    | for 5 dage siden | for 4 dage siden | ja     | a-kassen       |
      | 8    | for 5 dage siden | i går            | nej    | jobcentret     |
      | 8    | for 5 dage siden |                  | nej    | opsætningen    |

  @ac11_30_aar @ac11_fleksjob
  Abstrakt Scenario: I 2024-3 viger en gruppe <fra>, der skulle slutte, for <til> på dagen
    Givet udgaven er 2024-3
    Og en borger, som fylder 30 i morgen
    Og borgeren har kontaktgruppe <fra>
    Og borgeren har et fleksjob, der begynder i morgen
    Når jobcentret afslutter kontaktgruppen om 5 dage via PRS
    Så er registreringen modtaget
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe <til> som aktuel
    Når der går 5 dage
    Så læser jobcentret kontaktgruppe <til> som aktuel

    Eksempler:
      | fra | til |
      | 7   | 10  |
      | 12  | 2   |

  @ac16_flyttet @ac15_aktivitetstillaeg
  Abstrakt Scenario: Kategorien, der slutter på dagen, tager i <udgave> <antal> aktivitetstillæg med sig
    Givet udgaven er <udgave>
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Når jobcentret registrerer personkategori 8 via PVS
    Og jobcentret registrerer personkategori 5 via PVS
    Og DFDG får besked fra jobcentret om aktivitetstillæg fra i dag
    Og jobcentret afslutter personkategorien i morgen via PVS
    Så er registreringen modtaget
    Og læser jobcentret ét aktivitetstillæg i statusservicen
    Når der går 1 dag
    Så læser jobcentret personkategori 8 som aktuel
    Og læser jobcentret <efter> aktivitetstillæg i statusservicen

    Eksempler:
      | udgave | antal  | efter |
      | 2024-3 | intet  | ét    |
      | 2024-4 | et     | intet |
