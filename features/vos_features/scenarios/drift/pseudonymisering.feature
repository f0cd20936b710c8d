# language: da
@ac06_pseudonymisering @ac06_regler
Egenskab: Pseudonymisering af data til testmiljøer

  Abstrakt Scenario: En borger på <alder> år i kontaktgruppe <gruppe> kan ikke genkendes, og reglerne holder stadig
    Givet en borger på <alder> år
    Når jobcentret registrerer kontaktgruppe <gruppe> via PVS
    Og testmiljøet får en pseudonymiseret fuld leverance med nøglen
    Så står intet af dette i testmiljøets filer: CPR-nummeret, id'er, navne og brugere
    Og har borgeren et CPR-nummer, der ikke kan tilhøre nogen
    Og er borgeren stadig <side>

    Eksempler:
      | alder | gruppe | side         |
      | 18    | 12     | under 30 år  |
      | 29    | 12     | under 30 år  |
      | 29    | 28     | under 30 år  |
      | 30    | 2      | fyldt 30 år  |
      | 64    | 13     | fyldt 30 år  |

  Scenarie: Den samme nøgle giver de samme pseudonymer fra leverance til leverance
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og testmiljøet får en pseudonymiseret fuld leverance med nøglen
    Og jobcentret afslutter kontaktgruppen i dag via PVS
    Og testmiljøet får en pseudonymiseret deltaleverance med nøglen
    Så hører alle leverancernes registreringer til den samme borger og den samme registrering
    Og står intet af dette i testmiljøets filer: CPR-nummeret, id'er, navne og brugere

  Scenarie: En anden nøgle giver andre pseudonymer
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og testmiljøet får en pseudonymiseret fuld leverance med nøglen
    Og testmiljøet får en pseudonymiseret fuld leverance med en anden nøgle
    Så har borgeren forskellige CPR-numre i leverancerne
