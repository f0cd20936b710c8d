# language: da
Egenskab: Plannersystemet har sin egen kø med de beskeder, det skal have
  Epic'ens servicetabel nævner, hvem der modtager hver besked: GetContactGroupVersion5 går til a-kasse, KSS og plannersystemer,
  GetContactGroupVersion4 kun til KSS, og GetPersonCategoryVersion1 til KSS og plannersystemer.

  @svc_wsrm_kg5 @svc_wsrm_kg4 @svc_wsrm_pc1 @svc_wsrm_kg5_modtagere @svc_wsrm_kg4_modtagere @svc_wsrm_pc1_modtagere
  Abstrakt Scenario: Planneren får kontaktgruppe og personkategori, registreret via <kanal>, men ikke version 4
    Givet jobcentret og planneren har hver sin kø
    Og en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 2 via <kanal>
    Og jobcentret registrerer personkategori 5 via <kanal>
    Så har planneren præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 2    |      | jobcentret     |
      | GetPersonCategoryVersion1 | 8    |      | jobcentret     |
      | GetPersonCategoryVersion1 | 8    | ja   | jobcentret     |
      | GetPersonCategoryVersion1 | 5    |      | jobcentret     |
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 2    |      | jobcentret     |
      | GetContactGroupVersion4   | 2    |      | jobcentret     |
      | GetPersonCategoryVersion1 | 8    |      | jobcentret     |
      | GetPersonCategoryVersion1 | 8    | ja   | jobcentret     |
      | GetPersonCategoryVersion1 | 5    |      | jobcentret     |
    Og har a-kassen ingen beskeder

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @svc_wsrm_kg5 @svc_wsrm_pc1
  Scenarie: Planneren tømmer sin egen kø og ingen andens
    Givet jobcentret og planneren har hver sin kø
    Og en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Så har planneren 1 beskeder
    Når planneren har læst sine beskeder
    Og jobcentret afslutter kontaktgruppen i dag via PVS
    Så har planneren præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 4    | ja   | jobcentret     |
    Og har jobcentret 4 beskeder
