"""What a party receives: the WSRM queue that it empties itself, and the events that the business domains hear."""
