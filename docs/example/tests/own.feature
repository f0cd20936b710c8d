# language: da
Egenskab: Vores egne scener

  Scenarie: Et medlem overgår til kontaktgruppe 23, og vores oversigt viser det
    Givet en borger på 40 år, som er medlem af a-kassen
    Når jobcentret registrerer kontaktgruppe 23 via PVS
    Så har a-kassen 1 beskeder
    Og viser vores oversigt kontaktgruppe 23
