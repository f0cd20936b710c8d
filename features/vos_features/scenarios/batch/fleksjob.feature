# language: da
@ac16_batchjobs @ac11_batch @ac11_fleksjob
Egenskab: Batchjobbet, der flytter mellem gruppe 7 og 10 ved start og slut på fleksjob
  KG skift mellem KG 10 (fleksjobansat) og KG 7 (ledig fleksjobvisiteret) ved start- og slut på fleksjob aktivitet
  (i borgers Min plan).

  Scenarie: Fleksjobbet begynder: 7 bliver til 10 på dagen og ikke før
    Givet en borger på 45 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 7
    Og borgeren har et fleksjob, der begynder i morgen
    Når batchjobbene køres med delta
    Så siger rapporten delta: 0 ændringer
    Og læser jobcentret kontaktgruppe 7 som aktuel
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 10 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af                |
      | GetContactGroupVersion5 | 7    | ja   | DFDG Start og slut på fleksjob |
      | GetContactGroupVersion5 | 10   |      | DFDG Start og slut på fleksjob |
      | GetContactGroupVersion4 | 7    | ja   | DFDG Start og slut på fleksjob |
      | GetContactGroupVersion4 | 10   |      | DFDG Start og slut på fleksjob |
    Men har a-kassen ingen beskeder

  Scenarie: Fleksjobbet slutter: 10 bliver til 7 på den første dag uden
    Givet en borger på 45 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 10
    Og borgeren har et fleksjob, der slutter i morgen
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 7 som aktuel
    Og læser a-kassen kontaktgruppe 7 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | slettet | aktuel | registreret af |
      | 7    |       | nej     | ja     | STAR           |
      | 10   | i dag | nej     | ja     | STAR           |
      | 10   |       | nej     | nej    | opsætningen    |
    Men har a-kassen ingen beskeder

  @ac11_sygedagpenge_ophoer @test_7_raskmelding_kg25
  Scenarie: Fleksjobbet slutter under sygdom: borgeren returnerer til den rette gruppe, som er 7
    Givet en borger på 45 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 10
    Og borgeren har et fleksjob, der slutter i morgen
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og der går 2 dage
    Så læser jobcentret kontaktgruppe 25 som aktuel
    Når KSD raskmelder sagen pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 7 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | start            | slut             | aktuel | registreret af |
      | 7    | i dag            |                  | ja     | kommunen       |
      | 25   | for 2 dage siden | i dag            | ja     | kommunen       |
      | 25   | for 2 dage siden |                  | nej    | kommunen       |
      | 10   | for 3 dage siden | for 2 dage siden | ja     | kommunen       |
      | 10   | for 3 dage siden |                  | nej    | opsætningen    |
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | KSD            |

  Scenarie: Et fleksjob flytter ingen, der ikke er i gruppe 7 eller 10
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 13
    Og borgeren har et fleksjob, der begynder i morgen
    Når der går 2 dage
    Så læser jobcentret kontaktgruppe 13 som aktuel
    Og har jobcentret ingen beskeder

  @ac11_sygedagpenge_ophoer @test_7_raskmelding_kg25
  Abstrakt Scenario: Efter sygdom returnerer den fleksjobansatte til gruppe <gruppe>: fleksjobbet <hvad>
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 10
    Når DFDG får besked fra jobcentret om et fleksjob fra for 5 dage siden til <slut>
    Og KSD indberetter sygdom fra ledighed pr. i dag
    Og der går 2 dage
    Og KSD raskmelder sagen pr. i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe <gruppe> som aktuel

    Eksempler:
      | slut            | gruppe | hvad                                   |
      | for 2 dage siden | 10    | var slut, før sygdommen begyndte       |
      | i dag           | 7      | sluttede, da sygdommen begyndte        |
      | i morgen        | 7      | sluttede under sygdommen               |
      | om 2 dage       | 7      | slutter, den dag sygdommen gør         |
      | om 3 dage       | 10     | varer ved                              |

  @ac11_sygedagpenge_ophoer @test_7_raskmelding_kg25
  Scenarie: Et fleksjob, der under sygdom afløses af et andet, lader borgeren returnere til gruppe 10
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 10
    Når DFDG får besked fra jobcentret om et fleksjob fra for 5 dage siden til i morgen
    Og DFDG får besked fra jobcentret om et fleksjob fra i morgen
    Og KSD indberetter sygdom fra ledighed pr. i dag
    Og der går 2 dage
    Og KSD raskmelder sagen pr. i dag
    Så læser jobcentret kontaktgruppe 10 som aktuel
