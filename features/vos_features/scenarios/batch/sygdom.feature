# language: da
@ac16_batchjobs @ac11_batch
Egenskab: Batchjobbene for sygdom: ophør af sygedagpenge, og det, der er meldt til en senere dag
  Ophør af sygedagpenge og returnering til oprindelig KG og evt. gentilmelding som jobsøgende.

  Baggrund:
    Givet en borger på 45 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1

  @ac11_sygedagpenge_ophoer @ac10_akasse_kg25_skifter
  Scenarie: Sygedagpengene ophører, og borgeren returnerer til sin gruppe og tilmelding
    Givet DFDG har besked fra kommunen om sygdom fra ledighed til og med i dag
    Og alle har læst deres beskeder
    Når batchjobbene køres med fuldt load
    Så siger rapporten fuldt load: 0 ændringer
    Og læser jobcentret kontaktgruppe 25 som aktuel
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af            |
      | GetContactGroupVersion5 | 25   | ja   | DFDG Ophør af sygedagpenge |
      | GetContactGroupVersion5 | 1    |      | DFDG Ophør af sygedagpenge |
      | GetContactGroupVersion4 | 25   | ja   | DFDG Ophør af sygedagpenge |
      | GetContactGroupVersion4 | 1    |      | DFDG Ophør af sygedagpenge |
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af            |
      | GetContactGroupVersion5 | 25   | ja   | DFDG Ophør af sygedagpenge |
    Men har en anden a-kasse ingen beskeder
    Og har et andet jobcenter ingen beskeder
    # gentilmeldt: gruppen kan kun skiftes gennem tilmeldingen
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 100029

  @ac11_sygedagpenge_ophoer
  Scenarie: Sygedagpenge fra beskæftigelse ophører, og gruppen lukkes helt
    Givet DFDG har besked fra kommunen om sygdom fra beskæftigelse til og med i dag
    Og alle har læst deres beskeder
    Når der går 1 dag
    Så læser jobcentret ingen aktuel kontaktgruppe
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af            |
      | GetContactGroupVersion5 | 24   | ja   | DFDG Ophør af sygedagpenge |
      | GetContactGroupVersion4 | 24   | ja   | DFDG Ophør af sygedagpenge |
    Men har a-kassen ingen beskeder

  Scenarie: En fremtidig raskmelding udføres på sin dag og ikke før, og den, der meldte, er registrant
    Givet DFDG har besked fra kommunen om sygdom fra ledighed
    Og alle har læst deres beskeder
    Når DFDG får besked fra kommunen om raskmelding i morgen
    Så læser jobcentret kontaktgruppe 25 som aktuel
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder
    Når batchjobbene køres med fuldt load
    Så siger rapporten fuldt load: 0 ændringer
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | kommunen       |
      | GetContactGroupVersion5 | 1    |      | kommunen       |
      | GetContactGroupVersion4 | 25   | ja   | kommunen       |
      | GetContactGroupVersion4 | 1    |      | kommunen       |
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | kommunen       |
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut    | slettet | aktuel | registreret af |
      | 1    |         | nej     | ja     | kommunen       |
      | 25   | i dag   | nej     | ja     | kommunen       |
      | 25   |         | nej     | nej    | kommunen       |
      | 1    | i går   | nej     | ja     | kommunen       |
      | 1    |         | nej     | nej    | opsætningen    |

  Scenarie: En fremtidig raskmelding med skift til gruppe 13, som a-kassen får at vide
    Givet DFDG har besked fra kommunen om sygdom fra ledighed
    Og alle har læst deres beskeder
    Når DFDG får besked fra jobcentret om raskmelding i morgen med skift til kontaktgruppe 13
    Og der går 1 dag
    Så læser jobcentret kontaktgruppe 13 som aktuel
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | jobcentret     |
      | GetContactGroupVersion5 | 13   |      | jobcentret     |
    Men har en anden a-kasse ingen beskeder

  Scenarie: En fremtidig sygemelding begynder på sin dag, og den, der meldte, er registrant
    Når DFDG får besked fra kommunen om sygdom fra ledighed, der begynder i morgen
    Så læser jobcentret kontaktgruppe 1 som aktuel
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 25 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 1    | ja   | kommunen       |
      | GetContactGroupVersion5 | 25   |      | kommunen       |
      | GetContactGroupVersion4 | 1    | ja   | kommunen       |
      | GetContactGroupVersion4 | 25   |      | kommunen       |
    Men har a-kassen ingen beskeder

  @test_7_raskmelding_kg25
  Scenarie: Den, hvis gruppe blev lukket, før sygdommen begyndte, har ingen at vende tilbage til
    Når DFDG får besked fra a-kassen om afmelding i dag
    Og DFDG får besked fra kommunen om sygdom fra ledighed, der begynder i morgen
    Og jobcentret afslutter kontaktgruppen i dag via PVS
    Og der går 1 dag
    Så læser jobcentret kontaktgruppe 25 som aktuel
    Når DFDG får besked fra kommunen om raskmelding i dag
    Så læser jobcentret ingen aktuel kontaktgruppe

  Scenarie: En fremtidig afmelding udføres på sin dag og lader gruppen stå
    Når DFDG får besked fra a-kassen om afmelding i morgen
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 100029
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget

  @ac11_sygedagpenge_ophoer
  Scenarie: Gruppen efter sygedagpengenes ophør begynder dagen efter den sidste dag
    Givet DFDG har besked fra kommunen om sygdom fra ledighed til og med i morgen
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 25 som aktuel
    Når der går 2 dage
    Så læser jobcentret kontaktgruppe 1 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start            | slut             | aktuel | registreret af |
      | 1    | i går            |                  | ja     | STAR           |
      | 25   | for 3 dage siden | i går            | ja     | STAR           |
      | 25   | for 3 dage siden |                  | nej    | kommunen       |
      | 1    | for 4 dage siden | for 3 dage siden | ja     | kommunen       |
      | 1    | for 4 dage siden |                  | nej    | opsætningen    |
