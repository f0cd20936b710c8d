# language: da
@test_1_kg_registrering_laesning @test_1_registrering @test_1_laesning
Egenskab: To kontaktgrupper overlapper aldrig
  En kontaktgruppe, der er afsluttet til senere i dag, slutter, når den næste begynder.

  @regel_100028
  Abstrakt Scenario: En slutdato senere i dag er ikke fremtidig via <kanal>, og den næste gruppe overlapper ikke
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 4 via <kanal>
    Og jobcentret afslutter kontaktgruppen i dag kl. 23 via <kanal>
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og læser jobcentret aldrig mere end én kontaktgruppe ad gangen
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |
