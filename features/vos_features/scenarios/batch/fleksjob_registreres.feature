# language: da
@ac16_batchjobs @ac11_batch @ac11_fleksjob
Egenskab: Fleksjob i borgerens plan registreres og afsluttes, og batchjobbet følger med
  KG skift mellem KG 10 (fleksjobansat) og KG 7 (ledig fleksjobvisiteret) ved start- og slut på fleksjob aktivitet
  (i borgers Min plan).

  Scenarie: Et fleksjob, der registreres i dag, flytter borgeren samme nat; og dets slutning flytter tilbage
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 7
    Når DFDG får besked fra jobcentret om et fleksjob fra i dag
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 7 som aktuel
    Når batchjobbene køres med delta
    Så læser jobcentret kontaktgruppe 10 som aktuel
    Når DFDG får besked fra jobcentret om, at fleksjobbet slutter i morgen
    Så er registreringen modtaget
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 7 som aktuel

  Scenarie: Et fleksjob med slutdato flytter borgeren begge veje
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 7
    Når DFDG får besked fra jobcentret om et fleksjob fra i morgen til om 3 dage
    Så er registreringen modtaget
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 10 som aktuel
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 10 som aktuel
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 7 som aktuel

  Scenarie: Et fleksjob, der afløses af et andet uden ophør, lader borgeren blive i gruppe 10
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 10
    Når DFDG får besked fra jobcentret om et fleksjob fra i går til i morgen
    Og DFDG får besked fra jobcentret om et fleksjob fra i morgen
    Så er registreringen modtaget
    Når der går 2 dage
    Så læser jobcentret kontaktgruppe 10 som aktuel

  Scenarie: Kun det fleksjob, der nævnes, slutter
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 10
    Når DFDG får besked fra jobcentret om et fleksjob fra i går
    Og DFDG får besked fra jobcentret om et fleksjob fra i går
    Og DFDG får besked fra jobcentret om, at fleksjobbet slutter i morgen
    Så er registreringen modtaget
    Når der går 2 dage
    Så læser jobcentret kontaktgruppe 10 som aktuel

  Scenarie: Et fleksjob kan ikke slutte, før det begynder, ikke to gange have samme id, og ikke slutte uden at være kendt
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 7
    Når DFDG får besked fra jobcentret om et fleksjob fra i dag til i går
    Så bliver kaldet afvist med fejlkode 4636
    Når DFDG får besked fra jobcentret om et fleksjob fra i dag til i dag
    Så er registreringen modtaget
    Når DFDG får igen besked fra jobcentret om det samme fleksjob
    Så bliver kaldet afvist med fejlkode 4977
    Når DFDG får besked fra jobcentret om, at fleksjobbet slutter i går
    Så bliver kaldet afvist med fejlkode 4636
    Når DFDG får besked fra jobcentret om, at fleksjobbet slutter i dag
    Så er registreringen modtaget
    Når DFDG får besked fra jobcentret om, at et ukendt fleksjob slutter i dag
    Så bliver kaldet afvist med fejlkode 4589
