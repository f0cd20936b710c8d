# language: da
@ac19_wsb
Egenskab: Levering af WSB, når modtageren fejler
  En besked, der ikke kan leveres, prøves igen efter 1, 3, 7, 15 ... sekunder, højst tre timer. Imens holdes borgerens senere
  beskeder tilbage, så rækkefølgen bevares. En modtager må tåle dubletter; de bærer samme besked-id.

  @ac19_kg_wsb
  Abstrakt Scenario: En webhook, der <vane>, får til sidst alt i orden
    Givet en borger på 40 år
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Og jobcentrets webhook <vane>
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Og der går 4 timer
    Så har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |
      | Kontaktgruppe | opdatering |
      | Kontaktgruppe | oprettelse |
    Og er 0 WSB opgivet
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | vane                    |
      | svarer 500 to gange     |
      | svarer 404 to gange     |
      | svarer 300 to gange     |
      | nulstiller forbindelsen |
      | svarer intet            |
      | svarer vrøvl            |
      | beder om to minutter    |
      | omdirigerer to gange    |

  @ac19_kg_wsb
  Scenarie: Ventetiden følger scenens ur
    Givet en borger på 40 år
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Og jobcentrets webhook svarer 500 fire gange
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og der går 25 sekunder
    Så har jobcentret ingen WSB'er
    Når der går 1 sekunder
    Så har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |

  @ac19_kg_wsb
  Scenarie: En modtager, der beder om ro, får den
    Givet en borger på 40 år
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Og jobcentrets webhook beder om to minutter
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og der går 119 sekunder
    Så har jobcentret ingen WSB'er
    Når der går 1 sekunder
    Så har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |

  @ac19_kg_wsb
  Scenarie: Leveret som designet opgives en besked, der besvares med 404, og kan sendes igen
    Givet en borger på 40 år
    Og DFDG leverer som designet
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Og jobcentrets webhook svarer 404 to gange
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Så er 1 WSB opgivet
    Og har jobcentret ingen WSB'er
    Når de opgivne beskeder sendes igen
    Så er 1 WSB opgivet
    Når de opgivne beskeder sendes igen
    Så er 0 WSB opgivet
    Og har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |

  @ac19_kg_wsb
  Scenarie: Leveret som designet prøves en besked igen, når modtageren fejler
    Givet en borger på 40 år
    Og DFDG leverer som designet
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Og jobcentrets webhook svarer 500 to gange
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og der går 4 sekunder
    Så er 0 WSB opgivet
    Og har jobcentret præcis disse WSB'er:
      | entitet       | ændring    |
      | Kontaktgruppe | oprettelse |

  @ac19_kg_wsb
  Abstrakt Scenario: Leveret som designet opgives en besked, når modtageren <vane>
    Givet en borger på 40 år
    Og DFDG leverer som designet
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Og jobcentrets webhook <vane>
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Så er 1 WSB opgivet

    Eksempler:
      | vane                    |
      | nulstiller forbindelsen |
      | svarer vrøvl            |
