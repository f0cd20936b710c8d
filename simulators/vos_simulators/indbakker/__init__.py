"""What a party receives: here the WSRM queue that it empties itself."""
