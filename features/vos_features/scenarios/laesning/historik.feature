# language: da
@test_1_kg_registrering_laesning @test_1_registrering @test_1_laesning
Egenskab: Historikken over dage
  Hver registrering og ændring har sin række med den dag, den kom. Scenens ur flyttes, så ingen anden kan spille samtidig på den.

  @ac02_post_put_delete @ac02_kg_historik @ac02_pc_historik
  Scenarie: Historikken siger, hvornår noget er afsluttet og slettet, og det kan kun slettes én gang
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret registrerer personkategori 9 via PVS
    Og der går 1 dag
    Og jobcentret afslutter personkategorien i dag via PVS
    Og der går 1 dag
    Og jobcentret sletter personkategorien
    Og jobcentret sletter kontaktgruppen
    Så er registreringen modtaget
    Og læser jobcentret historikken for personkategorien:
      | type | slut  | slettet | registreret      |
      | 9    | i går | ja      | i dag            |
      | 9    | i går | nej     | i går            |
      | 9    |       | nej     | for 2 dage siden |
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slettet | registreret      |
      | 13   | ja      | i dag            |
      | 13   | nej     | for 2 dage siden |
    Når jobcentret sletter kontaktgruppen
    Så bliver kaldet afvist med fejlkode 4589
