# language: da
@ac16_batchjobs @ac11_batch @ac11_30_aar
Egenskab: Batchjobbet, der flytter uddannelseshjælpsmodtagere, når de fylder 30 år
  Uddannelseshjælpsmodtagere, der bliver 30 år (skift mellem KG 12 og 2 hhv. mellem 28 og 26).

  Abstrakt Scenario: På 30-årsdagen skifter gruppe <fra> til <til>, og ikke før
    Givet en borger, som fylder 30 i morgen, og som er medlem af a-kassen
    Og borgeren har kontaktgruppe <fra>
    Og borgeren har personkategori 8
    Når batchjobbene køres med fuldt load
    Så siger rapporten fuldt load: 0 ændringer
    Og læser jobcentret kontaktgruppe <fra> som aktuel
    Og har jobcentret ingen beskeder
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe <til> som aktuel
    Og læser jobcentret personkategori 8 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                  | type  | slut | registreret af   |
      | GetContactGroupVersion5 | <fra> | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion5 | <til> |      | DFDG Fyldt 30 år |
      | GetContactGroupVersion4 | <fra> | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion4 | <til> |      | DFDG Fyldt 30 år |
    Og læser jobcentret historikken for kontaktgruppen:
      | type  | slut  | slettet | aktuel | registreret af |
      | <til> |       | nej     | ja     | STAR           |
      | <fra> | i dag | nej     | ja     | STAR           |
      | <fra> |       | nej     | nej    | opsætningen    |
    Men har a-kassen ingen beskeder
    Og har et andet jobcenter ingen beskeder

    Eksempler:
      | fra | til |
      | 12  | 2   |
      | 28  | 26  |

  @ac11_default_visitering
  Scenarie: En kategori, som den nye gruppe ikke tillader, bliver til Ikke visiteret, og DFDG er registrant
    Givet en borger, som fylder 30 i morgen, og som er medlem af a-kassen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 6
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Og læser jobcentret personkategori 8 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af   |
      | GetContactGroupVersion5   | 12   | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion5   | 2    |      | DFDG Fyldt 30 år |
      | GetContactGroupVersion4   | 12   | ja   | DFDG Fyldt 30 år |
      | GetContactGroupVersion4   | 2    |      | DFDG Fyldt 30 år |
      | GetPersonCategoryVersion1 | 6    | ja   | DFDG Fyldt 30 år |
      | GetPersonCategoryVersion1 | 8    |      | DFDG Fyldt 30 år |
    Men har a-kassen ingen beskeder

  Abstrakt Scenario: Den, der er født 29. februar, skifter fra gruppe <fra> til <til> den 1. marts
    Givet uret står på 2026-02-27 kl. 09.00
    Og en borger, som er født 1996-02-29
    Og borgeren har kontaktgruppe <fra>
    Og borgeren har personkategori 8
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe <fra> som aktuel
    Og har jobcentret ingen beskeder
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe <til> som aktuel

    Eksempler:
      | fra | til |
      | 12  | 2   |
      | 28  | 26  |

  Scenarie: En tilmeldt, der fylder 30, skifter gruppe og kan derefter kun skifte gennem tilmeldingen
    Givet en borger, som fylder 30 i morgen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Og borgeren er tilmeldt i tilmeldekategori 3
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 100029

  @tilsagn_kgskift_fremtidig_raskmelding
  Scenarie: Den, der fylder 30, inden en fremtidig raskmelding med tilmelding udføres, forbliver i gruppe 2
    Givet en borger, som fylder 30 i morgen, og som er medlem af a-kassen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Når jobcentret sygemelder borgeren fra i dag
    Og jobcentret raskmelder borgeren pr. om 2 dage med tilmelding i kategori 3
    Så er registreringen modtaget
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Når alle har læst deres beskeder
    Og der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Og har jobcentret ingen beskeder
    Når jobcentret tilmelder borgeren i tilmeldekategori 2
    Så er registreringen modtaget

  Scenarie: En død borger flyttes ikke
    Givet en borger, som fylder 30 i morgen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Og borgeren er død
    Når der går 2 dage
    Så læser jobcentret kontaktgruppe 12 som aktuel
    Og har jobcentret ingen beskeder

  @test_7_raskmelding_kg25
  Scenarie: Den, der fylder 30, mens sygdommen varer, vender tilbage til gruppen for voksne, og er det sket før, til sin egen
    Givet en borger, som fylder 30 i morgen
    Og borgeren har kontaktgruppe 12
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så læser jobcentret kontaktgruppe 12 som aktuel
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og der går 1 dag
    Så læser jobcentret kontaktgruppe 25 som aktuel
    Når KSD raskmelder sagen pr. i dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
