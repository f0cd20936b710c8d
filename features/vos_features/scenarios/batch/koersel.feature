# language: da
@ac16_batchjobs @ac11_batch @test_batch_delta_fuldt
Egenskab: Delta og fuldt load giver det samme, og rapporten siger, hvad der skete

  @test_batch_koerselstid
  Abstrakt Scenario: Kørt med <load> skifter gruppen én gang, og den modsatte kørsel ændrer intet
    Givet en borger, som fylder 30 i dag
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Når batchjobbene køres med <load>
    Så siger rapporten <load>: 1 ændring
    Og har jobbet "Fyldt 30 år" set på 1 borger
    Og har jobbet "Start og slut på fleksjob" set på <andre> borgere
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af   |
      | GetContactGroupVersion5 | 12   | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion5 | 2    |      | DFDG Fyldt 30 år |
      | GetContactGroupVersion4 | 12   | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion4 | 2    |      | DFDG Fyldt 30 år |
    Når alle har læst deres beskeder
    Og batchjobbene køres med <modsat>
    Så siger rapporten <modsat>: 0 ændringer
    Og læser jobcentret kontaktgruppe 2 som aktuel
    Og har jobcentret ingen beskeder
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | slettet | aktuel | registreret af |
      | 2    |       | nej     | ja     | STAR           |
      | 12   | i dag | nej     | ja     | STAR           |
      | 12   |       | nej     | nej    | opsætningen    |

    Eksempler:
      | load       | modsat     | andre |
      | delta      | fuldt load | 0     |
      | fuldt load | delta      | 1     |

  Abstrakt Scenario: Natten <nat>, hvor uret stilles, kører jobbene én gang
    Givet uret står på <aften> kl. 23.30
    Og en borger, som er født <foedt>
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Når uret stilles til <nat> kl. 00.59
    Så læser jobcentret kontaktgruppe 12 som aktuel
    Når uret stilles til <nat> kl. 01.00
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Når uret stilles til <nat> kl. 03.30
    Så har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af   |
      | GetContactGroupVersion5 | 12   | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion5 | 2    |      | DFDG Fyldt 30 år |
      | GetContactGroupVersion4 | 12   | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion4 | 2    |      | DFDG Fyldt 30 år |

    Eksempler:
      | aften      | nat        | foedt      |
      | 2025-03-29 | 2025-03-30 | 1995-03-30 |
      | 2025-10-25 | 2025-10-26 | 1995-10-26 |
