# language: da
@tilsagn_kss_wsrm @ac10_wsrm_fortsaetter
Egenskab: En overførsel fra WSRM-køen holder, til den afsluttes, gives tilbage eller udløber
  Køen tømmes af sin ejer: CreateSequence, hent, TerminateSequence. Hidtidige WSRM'er om kontaktgrupper og personkategorier
  dannes i en overgangsperiode fortsat.

  Scenarie: Det, der gives tilbage, kommer igen; det, der afsluttes, gør ikke
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret åbner en overførsel
    Så er der 2 beskeder om borgeren i jobcentrets overførsel
    Når jobcentret giver overførslen tilbage
    Så kan jobcentret ikke hente i den overførsel: fejlkode 4589
    Når jobcentret åbner en overførsel
    Så er der 2 beskeder om borgeren i jobcentrets overførsel
    Når jobcentret afslutter overførslen
    Så kan jobcentret ikke hente i den overførsel: fejlkode 4589
    Og har jobcentret ingen beskeder

  Scenarie: En åben overførsel fås igen, og det, der er kommet siden, venter til den næste
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret åbner en overførsel
    Og jobcentret registrerer kontaktgruppe 4 via PVS
    Og jobcentret åbner en overførsel
    Så er det den samme overførsel som før
    Og er der 2 beskeder om borgeren i jobcentrets overførsel
    Når jobcentret afslutter overførslen
    Så har jobcentret 4 beskeder

  @tilsagn_akasse_wsrm
  Scenarie: Kun køens ejer kan hente i overførslen
    Givet en borger på 40 år, som er medlem af a-kassen
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret åbner en overførsel
    Så kan a-kassen ikke hente i den overførsel: fejlkode 4589
    Og kan et andet jobcenter ikke hente i den overførsel: fejlkode 4589
    Og er der 2 beskeder om borgeren i jobcentrets overførsel
    Når jobcentret giver overførslen tilbage
    Så har jobcentret 2 beskeder

  Scenarie: En overførsel, der har stået åben i en time, er udløbet, og beskederne kommer igen
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret åbner en overførsel
    Og der går 59 minutter
    Så er der 2 beskeder om borgeren i jobcentrets overførsel
    Når der går 2 minutter
    Så kan jobcentret ikke hente i den overførsel: fejlkode 4589
    Og har jobcentret 2 beskeder
